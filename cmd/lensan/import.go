package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"lensan/locales"
	"lensan/store"
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
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(100) // a list lives as long as the command, unlike what the service holds
	}
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
	report := p.out
	if c.JSON {
		report = p.err // what programs read has nothing else in it
		if err := printRows(p.out, list, said); err != nil {
			return err
		}
	}
	result := store.ImportResult{}
	if !c.DryRun {
		if err := p.withDatabase(ctx, func(db *store.DB) error {
			result, err = c.write(ctx, db, list)
			return err
		}); err != nil {
			return err
		}
	}
	if err := c.report(report, list, result, said); err != nil {
		return err
	}
	return c.correct(report, list, result, said)
}

// write writes the list to the database, all of it or nothing.
func (c *importCmd) write(ctx context.Context, db *store.DB, list *sheet.List) (result store.ImportResult, err error) {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return result, err
	}
	err = db.Change(ctx, func(tx *store.Tx) error {
		if result, err = tx.Import(ctx, store.CommandLine, list.Records(), c.Partial); err != nil || !result.Written {
			return err
		}
		return tx.NoteImport(ctx, list.File, sha256.Sum256(data), store.Holding{
			Rows: len(list.Rows), New: result.New, Changed: result.Changed, Unchanged: result.Unchanged, Incomplete: list.Incomplete(), Refused: result.Refused,
		})
	})
	return result, err
}

// report says what the list holds and what became of it, and what is missing or not
// clear in which cell.
func (c *importCmd) report(w io.Writer, list *sheet.List, result store.ImportResult, said sheet.Text) error {
	refused := 0
	for i, r := range list.Rows {
		var reasons []reason
		why := r.Refused
		if result.Lines != nil {
			why = result.Lines[i].Reason
		}
		if why != "" {
			refused++
			reasons = append(reasons, reason{sheet.Name, "import.refused." + why, nil})
		} else {
			for _, field := range r.Missing() {
				if !slices.ContainsFunc(r.Notes, func(n sheet.Note) bool { return n.Field == field }) { // which says more
					reasons = append(reasons, reason{field, "import.missing." + field, nil})
				}
			}
		}
		for _, n := range r.Notes {
			if n.Field != sheet.Notes {
				reasons = append(reasons, reason{n.Field, "import.note." + n.Code, map[string]any{"said": n.Said}})
			}
		}
		for _, why := range reasons {
			text, err := said(why.id, why.vars)
			if err != nil {
				return err
			}
			if err := say(w, said, "import.line", map[string]any{"sheet": r.Sheet, "row": r.Line, "cell": r.Cell(why.field), "reason": text}); err != nil {
				return err
			}
		}
	}
	if err := say(w, said, "import.read", map[string]any{"file": list.File, "rows": len(list.Rows) - refused, "incomplete": list.Incomplete(), "refused": refused}); err != nil {
		return err
	}
	switch {
	case c.DryRun:
		return say(w, said, "import.dry", nil)
	case !result.Written:
		return say(w, said, "import.held", nil)
	}
	return say(w, said, "import.written", map[string]any{"added": result.New, "changed": result.Changed, "unchanged": result.Unchanged})
}

// reason is why something is missing in a row: the field, and the text about it.
type reason struct {
	field, id string
	vars      map[string]any
}

// say writes a text on a line of its own.
func say(w io.Writer, said sheet.Text, id string, vars map[string]any) error {
	text, err := said(id, vars)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, printable(text))
	return err
}

// correct writes the rows to correct to the file that was asked for.
func (c *importCmd) correct(w io.Writer, list *sheet.List, result store.ImportResult, said sheet.Text) (err error) {
	if c.Result == "" {
		return nil
	}
	headings, rows, err := list.ToCorrect(result.Lines, said)
	if err != nil {
		return err
	}
	name, err := said("import.sheet.name", nil)
	if err != nil {
		return err
	}
	f, err := os.Create(c.Result)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := sheet.Write(f, name, headings, rows); err != nil {
		return err
	}
	return say(w, said, "import.result", map[string]any{"file": c.Result})
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
		if rows%10_000 == 0 {
			_ = say(p.err, said, "import.progress", map[string]any{"rows": rows}) // only for who waits
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
		if err := say(w, said, id, vars); err != nil {
			return err
		}
	}
	for _, name := range list.Hidden {
		if err := say(w, said, "import.hidden", map[string]any{"sheet": name}); err != nil {
			return err
		}
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
