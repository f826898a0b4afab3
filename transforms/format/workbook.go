package format

import "io"

func openWorkbook(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	return nil, &UnreadableError{File: name, What: "workbooks are not read yet", Mend: "save the sheet as CSV"}
}

func openLegacy(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	return nil, &UnreadableError{File: name, What: "it is a workbook of Excel 97-2003 (.xls)", Mend: "open it and save it as .xlsx or CSV"}
}

func openHTML(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	return nil, &UnreadableError{File: name, What: "it is an HTML page", Mend: "open it in a spreadsheet program and save it as .xlsx"}
}

func looksLikeHTML(head []byte) bool { return false }
