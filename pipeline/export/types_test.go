package export

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func list(of dataType) dataType {
	return dataType{name: "LIST", parts: []member{{typ: of}}}
}

func TestParseType(t *testing.T) {
	integer, text := dataType{name: "INTEGER"}, dataType{name: "VARCHAR"}
	for _, test := range []struct {
		text string
		want dataType
	}{
		{"", dataType{}},
		{"TIMESTAMP_NS", dataType{name: "TIMESTAMP_NS"}},
		{"DECIMAL(18,4)", dataType{name: "DECIMAL", width: 18, scale: 4}},
		{"INTEGER[3][]", list(list(integer))},
		{`STRUCT("b" INTEGER, "a" VARCHAR)[]`, list(dataType{name: "STRUCT", parts: []member{{"b", integer}, {"a", text}}})},
		{`STRUCT("q""z" VARCHAR, "x"" , y""" INTEGER)`, dataType{name: "STRUCT", parts: []member{{`q"z`, text}, {`x" , y"`, integer}}}},
		{`STRUCT("a)" STRUCT("b[" DECIMAL(4,2)[])[])`, dataType{name: "STRUCT", parts: []member{
			{"a)", list(dataType{name: "STRUCT", parts: []member{{"b[", list(dataType{name: "DECIMAL", width: 4, scale: 2})}}})},
		}}},
		{`MAP(VARCHAR, MAP(INTEGER, VARCHAR[]))`, dataType{name: "MAP", parts: []member{
			{typ: text}, {typ: dataType{name: "MAP", parts: []member{{typ: integer}, {typ: list(text)}}}},
		}}},
		{`UNION("n" INTEGER)`, dataType{name: "UNION", parts: []member{{"n", integer}}}},
	} {
		got, err := parseType(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(dataType{}, member{})); diff != "" {
			t.Errorf("%s: %s", test.text, diff)
		}
	}
}

func TestParseTypeBad(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"INTEGER)", `parse type "INTEGER)": ")" follows the type`},
		{"INTEGER[", `parse type "INTEGER[": "[" has no ]`},
		{"INTEGER(1)", `parse type "INTEGER(1)": INTEGER takes no brackets`},
		{"DECIMAL(x,1)", `parse type "DECIMAL(x,1)": strconv.ParseInt: parsing "x": invalid syntax`},
		{"DECIMAL(1", `parse type "DECIMAL(1": strconv.ParseInt: parsing "": invalid syntax`},
		{"STRUCT(a INTEGER)", `parse type "STRUCT(a INTEGER)": "a INTEGER)" starts with no quoted name`},
		{`STRUCT("a`, `parse type "STRUCT(\"a": "\"a" starts with no quoted name`},
		{`STRUCT("a" INTEGER`, `parse type "STRUCT(\"a\" INTEGER": STRUCT has no closing bracket`},
		{"MAP(", `parse type "MAP(": MAP has no closing bracket`},
	} {
		if _, err := parseType(test.text); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.text, err, test.want)
		}
	}
}
