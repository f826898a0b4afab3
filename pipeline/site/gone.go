package site

import "bytes"

// Gone is what is said at an address that has no page, at the given way back to the root.
func Gone(lang, root string) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "gone", goneView{lang, root}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

type goneView struct{ Folder, Root string }

// T says a phrase.
func (v goneView) T(key string) string { return say(v.Folder, key) }

// Lang is the language as a tag.
func (v goneView) Lang() string { return langTag(v.Folder) }
