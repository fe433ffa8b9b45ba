package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"lensan/locales"
	"lensan/store/sheet"
)

type importCmd struct {
	File     string            `arg:"" type:"existingfile" help:"The list: xlsx or csv."`
	DryRun   bool              `help:"Only read it and say what it holds. Needs no server."`
	JSON     bool              `name:"json" help:"Write what was read, a JSON object a line, and nothing else to the standard output."`
	Column   map[string]string `placeholder:"FIELD=LETTER" help:"Which column holds a field, as in decision_date=F; '-' for none. Fields: ${fields}."`
	Partial  bool              `help:"Write what can be taken, though other rows cannot."`
	Province string            `placeholder:"CODE" help:"The province meant where the list names none (default: the office's)."`
	Result   string            `type:"path" placeholder:"FILE" help:"Write the rows to correct to this xlsx."`
}

// officer is the language of officers, who read what commands about their lists say.
const officer = "vi"

// Run reads a list of products and writes it to the database.
func (c *importCmd) Run(ctx context.Context, p *program) error {
	texts, err := locales.Load()
	if err != nil {
		return err
	}
	said := func(id string, vars map[string]any) (string, error) { return texts.Text(officer, id, vars) }
	list, err := c.read(p, said)
	if err != nil {
		return err
	}
	if err := doubts(p.err, list, said); err != nil {
		return err
	}
	if c.JSON {
		if err := printRows(p.out, list, said); err != nil {
			return err
		}
	}
	return nil
}

// read reads the file, with progress for those who wait at a terminal.
func (c *importCmd) read(p *program, said sheet.Text) (*sheet.List, error) {
	config, err := loadConfig(p.environ)
	if err != nil {
		return nil, err
	}
	content, err := locales.LoadContent(config.Content)
	if err != nil {
		return nil, err
	}
	opt := sheet.Options{Province: c.Province, Columns: c.Column, Progress: func(rows int) {
		if line, err := said("import.progress", map[string]any{"rows": rows}); err == nil && rows%10_000 == 0 {
			fmt.Fprintln(p.err, line)
		}
	}}
	if opt.Province == "" {
		opt.Province = content.Office.Province
	}
	list, err := sheet.Read(c.File, opt)
	for fault, id := range map[error]string{sheet.ErrTooLarge: "too_large", sheet.ErrOld: "old", sheet.ErrFormat: "format"} {
		if errors.Is(err, fault) {
			text, failed := said("import."+id, nil)
			return nil, errors.Join(errors.New(text), failed)
		}
	}
	return list, err
}

// doubts names what was left empty.
func doubts(w io.Writer, list *sheet.List, said sheet.Text) error {
	for _, d := range list.Doubts {
		field, err := said("import.field."+d.Field, nil)
		if err != nil {
			return err
		}
		id, vars := "import.doubt.absent", map[string]any{"sheet": d.Sheet, "field": field, "code": d.Field}
		if len(d.Columns) > 0 {
			id, vars["columns"] = "import.doubt.several", strings.Join(d.Letters(), ", ")
		}
		line, err := said(id, vars)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, printable(line))
	}
	for _, name := range list.Hidden {
		line, err := said("import.hidden", map[string]any{"sheet": name})
		if err != nil {
			return err
		}
		fmt.Fprintln(w, printable(line))
	}
	return nil
}

// jsonRow is a row as a program reads it. An empty field means that the list does not
// say, or not clearly; stars are then null.
type jsonRow struct {
	File           string `json:"file"`
	Sheet          string `json:"sheet"`
	Row            int    `json:"row"`
	Name           string `json:"name"`
	Producer       string `json:"producer"`
	ProducerKind   string `json:"producer_kind"` // household, group, cooperative, company
	Stars          *int   `json:"stars"`
	DecisionNumber string `json:"decision_number"`
	DecisionDate   string `json:"decision_date"` // ISO
	IssuedBy       string `json:"issued_by"`
	Commune        string `json:"commune"` // code
	Place          string `json:"place"`   // as written
	Ends           string `json:"ends"`    // ISO
	Notes          string `json:"notes"`
	Refused        string `json:"refused,omitempty"`
}

// printRows writes all rows as JSON, one a line.
func printRows(w io.Writer, list *sheet.List, said sheet.Text) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, r := range list.Rows {
		notes, refused, err := r.Reasons(said)
		if err != nil {
			return err
		}
		row := jsonRow{
			File: list.File, Sheet: r.Sheet, Row: r.Line, Name: r.Name, Producer: r.Producer, ProducerKind: r.ProducerKind,
			DecisionNumber: r.DecisionNumber, DecisionDate: r.DecisionDate.String(), IssuedBy: r.IssuedBy,
			Commune: r.Commune, Place: r.Place, Ends: r.Ends().String(), Notes: strings.Join(notes, "; "), Refused: refused,
		}
		if r.Stars != 0 {
			row.Stars = &r.Stars
		}
		if err := out.Encode(row); err != nil {
			return err
		}
	}
	return nil
}
