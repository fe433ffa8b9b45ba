// Package sheet reads the lists of OCOP products that officers keep, as xlsx or
// csv, and writes lists for them to correct.
//
// A list is read as it stands. Columns are found by their words (columns.txt),
// headings between the rows hold for the rows below, merged cells for all rows they
// cover. What is not sure stays empty and has a note; nothing is guessed, and no
// formula is ever reckoned: the value the file shows is taken.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lensan/store"
)

// Limits of a file. What is beyond them is refused, not cut.
const (
	MaxSize    = 20 << 20  // bytes of the file
	MaxRows    = 200_000   // rows that are not empty, of all sheets
	MaxColumns = 100       // further ones are not looked at
	maxUnzip   = 512 << 20 // bytes of an xlsx, unpacked
	maxSheets  = 100
	maxText    = 1000 // runes of a cell; the rest is cut off
)

// Errors of files that cannot be read.
var (
	ErrTooLarge = errors.New("sheet: the file is larger than MaxSize, or has more than MaxRows or than may be unpacked")
	ErrOld      = errors.New("sheet: an old Excel file (xls), or one with a password: save it as xlsx without one")
	ErrFormat   = errors.New("sheet: neither xlsx nor csv")
)

// Fields that a column can hold; an officer may say which does ([Options.Columns]).
const (
	Name         = "name"
	Producer     = "producer"
	Kind         = "producer_kind"
	Stars        = "stars"
	Decision     = "decision_number"
	DecisionDate = "decision_date"
	IssuedBy     = "issued_by"
	Commune      = "commune"
	District     = "district"
	Province     = "province"
	Address      = "address"
	Contact      = "contact"
	Phone        = "phone"
	Group        = "group"
	Notes        = "notes"
)

// Fields are all of them, in the order they are written.
var Fields = []string{Name, Producer, Kind, Stars, Decision, DecisionDate, IssuedBy, Commune, District, Province, Address, Contact, Phone, Group, Notes}

// Options say what the file does not.
type Options struct {
	Province string            // code of the province whose communes are meant where the list names none
	Columns  map[string]string // field → letters of its column, in every sheet; "-": no column
	Progress func(rows int)    // called now and then with the rows read so far; may be nil
	MaxRows  int               // more are too large; 0: MaxRows
}

// List is a file that was read.
type List struct {
	File   string // its name, without folders
	Rows   []Row
	Doubts []Doubt
	Hidden []string // names of hidden sheets; they are not read
}

// Row is a product as a list tells of it. What the list does not say, or says
// unclearly, is empty.
type Row struct {
	Sheet string // empty for csv
	Line  int    // as the spreadsheet counts, from 1; the first of several

	Name         string // NFC, as written
	Producer     string // as written
	ProducerKind string // one of store.ProducerKinds
	Stars        int    // 1 to 5

	DecisionNumber string    // as written: "4261/QĐ-UBND"
	DecisionDate   store.Day // only where day, month and year are told
	DateSaid       string    // where they are not: "2021", "12/2021"
	IssuedBy       string    // as written: "UBND tỉnh"

	Province string // code, of the row or of the list
	Commune  string // code of today's commune
	Place    string // as written, with a district the row stands under

	Contact string // a person, as written
	Phone   string // national digits
	Group   string // one of store.Groups
	State   string // what the remarks say: store.CertificateReevaluation, store.CertificateWithdrawn
	Remarks string // as written

	Notes   []Note
	Refused string // why the row cannot be taken, a code like those of notes; "no_name"

	cells map[string]int // field → column, from 0; shared by all rows of a table
}

// Note says what could not be read, or how it was. Its text is in locales,
// import.note.CODE.
type Note struct {
	Code  string
	Field string // what it is about; empty: the row
	Said  string // as written
}

// Doubt is a field that was left empty because it is not sure which column holds it.
type Doubt struct {
	Sheet   string
	Field   string
	Columns []Column // those that may; empty: none was found
}

// Letters are those of the columns.
func (d Doubt) Letters() []string {
	var all []string
	for _, c := range d.Columns {
		all = append(all, c.Letters)
	}
	return all
}

// Column is a column as an officer knows it.
type Column struct {
	Letters string // "F"
	Heading string // as written
	Sample  string // the first text below it
}

// Cell is where a field of the row stands, like "C7"; empty: in no column.
func (r Row) Cell(field string) string {
	if column, ok := r.cells[field]; ok {
		return fmt.Sprintf("%s%d", letters(column), r.Line)
	}
	return ""
}

// Missing are the fields without which a row is incomplete: its producer, its
// stars, the day of its decision.
func (r Row) Missing() []string {
	var missing []string
	if r.Producer == "" {
		missing = append(missing, Producer)
	}
	if r.Stars == 0 {
		missing = append(missing, Stars)
	}
	if r.DecisionDate == (store.Day{}) {
		missing = append(missing, DecisionDate)
	}
	return missing
}

// Ends is the last day the certificate can be used; zero when the day of its
// decision is not known.
func (r Row) Ends() store.Day { return store.Certificate{Decided: r.DecisionDate}.Ends() }

// Read reads a file of officers. The error is ErrTooLarge, ErrOld, ErrFormat, one of
// the options', or of reading the file.
func Read(path string, opt Options) (*List, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, err
	}
	return Parse(filepath.Base(path), data, opt)
}

// Parse is [Read] for a file that is in memory already. What it is is seen in its
// first bytes, whatever its name says.
func Parse(name string, data []byte, opt Options) (*List, error) {
	if len(data) > MaxSize {
		return nil, ErrTooLarge
	}
	given, err := opt.columns()
	if err != nil {
		return nil, err
	}
	if opt.MaxRows == 0 {
		opt.MaxRows = MaxRows
	}
	r := &reader{list: &List{File: name}, opt: opt, given: given, places: memo[placeRead]{}, decisions: memo[decision]{}, days: memo[dayRead]{}}
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		err = r.workbook(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		err = ErrOld
	default:
		err = r.text(data)
	}
	if err != nil {
		return nil, err
	}
	r.settle()
	return r.list, nil
}
