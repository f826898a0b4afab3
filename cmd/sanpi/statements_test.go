package main

import "testing"

func TestCountStatements(t *testing.T) {
	for text, want := range map[string]int{
		"":                                     0,
		" ;; \n; ":                             0,
		"-- only a remark; no more":            0,
		"/* a; b */":                           0,
		"select 1":                             1,
		"select 1;":                            1,
		"select 1; -- and; that is all":        1,
		"select 1; select 2":                   2,
		"select 1;\n/* ; */ select 2;;":        2,
		"select ';'; select \"a;b\" from t":    2,
		"select 'it''s; so'":                   1,
		"select e'it\\'s; so'; select 2":       2,
		"select $$a;b$$; select $x$;$$;$x$":    2,
		"select $1; select $campaign":          2,
		"select '签约;开工' -- 投产; \n, 2;":         1,
		"select 'not closed; at all":           1,
		"with a as (select 1) from a; from a":  2,
		"select 'price $'; select 'more $'":    2,
		"select * from a where e ='x'; from b": 2,
	} {
		if got := countStatements(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
