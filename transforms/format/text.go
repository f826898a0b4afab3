package format

import "io"

func openText(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	return nil, &UnreadableError{File: name, What: "text is not read yet", Mend: "wait"}
}
