package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// spill is how large a sheet may be unpacked in memory; larger ones go to a
// temporary file.
const spill = 16 << 20

// workbook reads an xlsx.
func (r *reader) workbook(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ErrFormat
	}
	if err := bounded(z); err != nil {
		return err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit:    maxUnzip,
		UnzipXMLSizeLimit: spill,
		ShortDatePattern:  "dd/mm/yyyy", // what Excel shows depends on the machine; here it is never month first
		LongDatePattern:   "dd/mm/yyyy",
	})
	if err != nil {
		return ErrFormat
	}
	defer f.Close()
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		r.from1904 = *p.Date1904
	}
	parts, err := sheetParts(z)
	if err != nil {
		return ErrFormat
	}
	for _, name := range f.GetSheetList() {
		part := parts[name]
		if part == nil {
			continue // a chart has a sheet of its own
		}
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			r.list.Hidden = append(r.list.Hidden, name)
			continue
		}
		g := grid{name: name}
		if g.lines, err = r.sheetLines(f, name); err != nil {
			return err
		}
		if g.spans, err = mergedCells(part); err != nil {
			return err
		}
		r.grid(g)
	}
	return nil
}

// bounded refuses what is packed tighter than any list: the sizes the file states
// are held by the reader of zips.
func bounded(z *zip.Reader) error {
	sum, sheets := uint64(0), 0
	for _, f := range z.File {
		sum += f.UncompressedSize64
		if f.UncompressedSize64 > maxUnzip || sum > maxUnzip {
			return ErrTooLarge
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			sheets++
		}
	}
	if sheets > 2*maxSheets { // with their relations
		return ErrTooLarge
	}
	return nil
}

// sheetLines reads the rows of a sheet that are not empty. They are walked through
// twice at once: what a cell shows tells that its number is a day, the number says
// which.
func (r *reader) sheetLines(f *excelize.File, name string) ([]line, error) {
	shown, err := f.Rows(name)
	if err != nil {
		return nil, ErrFormat
	}
	defer shown.Close()
	kept, err := f.Rows(name)
	if err != nil {
		return nil, ErrFormat
	}
	defer kept.Close()
	var lines []line
	for n := 1; shown.Next() && kept.Next(); n++ {
		texts, err := shown.Columns()
		if err != nil {
			return nil, ErrFormat
		}
		raw, err := kept.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, ErrFormat
		}
		l := line{n: n, hidden: shown.GetRowOpts().Hidden, cells: make([]cell, 0, min(len(texts), MaxColumns))}
		empty := true
		for i, text := range texts[:min(len(texts), MaxColumns)] {
			c := cell{text: clean(text)}
			if i < len(raw) && raw[i] != text && c.text != "" {
				c.raw = raw[i]
			}
			empty = empty && c.text == ""
			l.cells = append(l.cells, c)
		}
		if empty {
			continue
		}
		lines = append(lines, l)
		if err := r.count(); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(shown.Error(), kept.Error()); err != nil {
		return nil, ErrFormat
	}
	return lines, nil
}

// step is after how many rows progress is told.
const step = 1000

// count counts a row that is not empty.
func (r *reader) count() error {
	if r.rows++; r.rows > r.opt.MaxRows {
		return ErrTooLarge
	}
	if r.opt.Progress != nil && r.rows%step == 0 {
		r.opt.Progress(r.rows)
	}
	return nil
}

// sheetParts finds the file of each sheet inside an xlsx, by the sheet's name.
func sheetParts(z *zip.Reader) (map[string]*zip.File, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// the strict form of the standard has another name for the same
			Strict string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := decodePart(z, "xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if err := decodePart(z, "xl/_rels/workbook.xml.rels", &relations); err != nil {
		return nil, err
	}
	parts := map[string]*zip.File{}
	for _, s := range book.Sheets {
		for _, rel := range relations.All {
			if rel.ID != s.ID+s.Strict {
				continue
			}
			target := path.Join("/xl", rel.Target)
			if strings.HasPrefix(rel.Target, "/") {
				target = rel.Target
			}
			for _, f := range z.File {
				if strings.EqualFold("/"+f.Name, target) && strings.Contains(target, "/worksheets/") {
					parts[s.Name] = f
				}
			}
		}
	}
	return parts, nil
}

// decodePart decodes one of the small files inside an xlsx.
func decodePart(z *zip.Reader, name string, to any) error {
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return xml.NewDecoder(io.LimitReader(f, spill)).Decode(to)
}

var mergeRef = regexp.MustCompile(`mergeCell[^>]*\sref="([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})"`)

// mergedCells reads which cells of a sheet are merged. excelize tells it only after
// holding the whole sheet in memory, half a gigabyte for 50,000 rows.
func mergedCells(part *zip.File) (spans, error) {
	f, err := part.Open()
	if err != nil {
		return nil, ErrFormat
	}
	defer f.Close()
	all, covered := spans{}, 0 // rows the spans touch
	in := bufio.NewReaderSize(f, 1<<16)
	for {
		tag, err := in.ReadSlice('>')
		if m := mergeRef.FindSubmatch(tag); bytes.Contains(tag, []byte("mergeCell ")) && m != nil {
			var s span
			var ok1, ok2 bool
			s.left, ok1 = columnOf(string(m[1]))
			s.right, ok2 = columnOf(string(m[3]))
			if _, err := fmt.Sscan(string(m[2])+" "+string(m[4]), &s.top, &s.bottom); err == nil && ok1 {
				if !ok2 {
					s.right = MaxColumns - 1
				}
				if covered += max(0, s.bottom-s.top) + 1; covered > 4*MaxRows {
					return nil, ErrTooLarge
				}
				all.add(s)
			}
		}
		switch {
		case err == io.EOF:
			return all, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, ErrFormat
		}
	}
}
