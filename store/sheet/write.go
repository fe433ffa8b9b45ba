package sheet

import (
	"io"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"lensan/store"
)

// Type is the MIME type of what [Write] writes.
const Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// widest is the width of the widest column, in characters: more is wrapped.
const widest = 50

// Write writes a table as an xlsx: a line of headings that stays in sight, and rows of
// strings, whole numbers and days. A zero number or day is an empty cell; a text is
// never a formula.
func Write(w io.Writer, name string, headings []string, rows [][]any) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	wrapped, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	dayFormat := "dd/mm/yyyy"
	day, err := f.NewStyle(&excelize.Style{CustomNumFmt: &dayFormat, Alignment: &excelize.Alignment{Vertical: "top"}})
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i := range headings {
		if err := s.SetColWidth(i+1, i+1, width(headings, rows, i)); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(headings))
	for i, h := range headings {
		head[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := s.SetRow("A1", head); err != nil {
		return err
	}
	for n, row := range rows {
		cells := make([]any, len(row))
		for i, v := range row {
			switch v := v.(type) {
			case store.Day:
				if !v.IsZero() {
					cells[i] = excelize.Cell{StyleID: day, Value: time.Date(v.Year, time.Month(v.Month), v.Day, 0, 0, 0, 0, time.UTC)}
				}
			case int:
				if v != 0 {
					cells[i] = excelize.Cell{StyleID: wrapped, Value: v}
				}
			default:
				cells[i] = excelize.Cell{StyleID: wrapped, Value: v}
			}
		}
		at, err := excelize.CoordinatesToCellName(1, n+2)
		if err != nil {
			return err
		}
		if err := s.SetRow(at, cells); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// width is how wide a column must be for what stands in it, in characters.
func width(headings []string, rows [][]any, column int) float64 {
	widthOf := func(v any) int {
		switch v := v.(type) {
		case string:
			return utf8.RuneCountInString(v)
		case store.Day:
			return len("28/12/2023")
		}
		return 6
	}
	most := widthOf(headings[column])
	for _, row := range rows {
		if column < len(row) {
			most = max(most, widthOf(row[column]))
		}
	}
	return float64(min(most, widest) + 2)
}
