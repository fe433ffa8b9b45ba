package sheet

import "fmt"

// Text says a text of locales in one language.
type Text func(id string, vars map[string]any) (string, error)

// Reasons are the row's notes, and why it was refused, as people read them.
func (r Row) Reasons(text Text) (notes []string, refused string, err error) {
	for _, n := range r.Notes {
		s, err := text("import.note."+n.Code, map[string]any{"said": n.Said})
		if err != nil {
			return nil, "", fmt.Errorf("sheet: %w", err)
		}
		notes = append(notes, s)
	}
	if r.Refused != "" {
		if refused, err = text("import.refused."+r.Refused, nil); err != nil {
			return nil, "", fmt.Errorf("sheet: %w", err)
		}
	}
	return notes, refused, nil
}

// Lacks are the fields without which the row is incomplete, as people read them.
func (r Row) Lacks(text Text) ([]string, error) {
	var lacks []string
	for _, field := range r.Missing() {
		s, err := text("import.missing."+field, nil)
		if err != nil {
			return nil, fmt.Errorf("sheet: %w", err)
		}
		lacks = append(lacks, s)
	}
	return lacks, nil
}
