package site

import "bytes"

// Gone is what is said at an address that has no page, at the given way back to the root.
func Gone(lang, root string) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "gone", goneView{voice{lang}, root}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

type goneView struct {
	voice
	Root string
}

// voice speaks the language of a folder.
type voice struct{ Folder string }

// T says a phrase.
func (v voice) T(key string, args ...any) string { return say(v.Folder, key, args...) }

// Lang is the language as a tag.
func (v voice) Lang() string { return langTag(v.Folder) }
