package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// builder makes a list as officers keep it.
type builder struct {
	name    string
	about   string
	options Options
	build   func(*testing.T) []byte
}

// book is a workbook under construction.
type book struct {
	*testing.T
	*excelize.File
	sheet string
	row   int
}

func newBook(t *testing.T) *book { return &book{t, excelize.NewFile(), "Sheet1", 0} }

func (b *book) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// rows adds rows of cells; a nil row is empty.
func (b *book) rows(rows ...[]any) *book {
	for _, r := range rows {
		b.row++
		cell, _ := excelize.CoordinatesToCellName(1, b.row)
		b.must(b.SetSheetRow(b.sheet, cell, &r))
	}
	return b
}

// text adds rows as text, cells parted by "|", empty ones left empty.
func (b *book) text(lines string) *book {
	for line := range strings.SplitSeq(strings.Trim(lines, "\n"), "\n") {
		var r []any
		for c := range strings.SplitSeq(line, "|") {
			if c = strings.TrimSpace(c); c == "" {
				r = append(r, nil)
			} else {
				r = append(r, strings.ReplaceAll(c, `\n`, "\n"))
			}
		}
		b.rows(r)
	}
	return b
}

func (b *book) merge(cells ...string) *book {
	for _, c := range cells {
		from, to, _ := strings.Cut(c, ":")
		b.must(b.MergeCell(b.sheet, from, to))
	}
	return b
}

func (b *book) on(sheet string) *book {
	_, err := b.NewSheet(sheet)
	b.must(err)
	b.sheet, b.row = sheet, 0
	return b
}

// format gives cells a number format.
func (b *book) format(from, to, format string) *book {
	style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
	b.must(err)
	b.must(b.SetCellStyle(b.sheet, from, to, style))
	return b
}

func (b *book) bytes() []byte {
	var out bytes.Buffer
	b.must(b.Write(&out))
	return out.Bytes()
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// text is a csv with a delimiter.
func text(lines, delimiter string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.Trim(lines, "\n"), "\n") {
		var cells []string
		for c := range strings.SplitSeq(line, "|") {
			c = strings.TrimSpace(c)
			if strings.ContainsAny(c, delimiter+"\"") || strings.Contains(c, `\n`) {
				c = `"` + strings.ReplaceAll(strings.ReplaceAll(c, `"`, `""`), `\n`, "\n") + `"`
			}
			cells = append(cells, c)
		}
		b.WriteString(strings.Join(cells, delimiter) + "\r\n")
	}
	return b.String()
}

// builders are the lists that are read, of the files lists_*_test.go.
var builders = slices.Concat(layoutLists, columnLists, cellLists, placeLists, provinceLists, textLists)
