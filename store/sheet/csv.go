package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// text reads a csv in any of the usual encodings and with any of the usual
// delimiters.
func (r *reader) text(data []byte) error {
	s, err := decode(data)
	if err != nil {
		return err
	}
	if !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	said := rune(0) // "sep=;" is a line for Excel
	if rest, ok := strings.CutPrefix(s, "sep="); ok && len(rest) > 1 && strings.ContainsAny(rest[1:2], "\r\n") {
		said = rune(rest[0])
	}
	delimiter := said
	if said == 0 || !strings.ContainsRune(delimiters, said) {
		delimiter = guessDelimiter(s)
	}
	g := grid{}
	if g.lines, err = r.records(s, delimiter); err != nil {
		return err
	}
	if said != 0 && len(g.lines) > 0 {
		g.lines = g.lines[1:]
	}
	r.grid(g)
	return nil
}

// decode turns a text file into UTF-8: it says what it is by its first bytes, or it
// is valid UTF-8, or UTF-16 with its zeros, or else Windows-1258.
func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(data[3:]), "\ufffd"), nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return utf16(data, unicode.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return utf16(data, unicode.BigEndian)
	}
	head := data[:min(len(data), 4096)]
	if zeros := bytes.Count(head, []byte{0}); zeros > 0 {
		even := 0
		for i := 0; i < len(head); i += 2 {
			if head[i] == 0 {
				even++
			}
		}
		switch { // letters of ASCII have a zero before or behind
		case zeros < len(head)/8 || len(data)%2 != 0:
			return "", ErrFormat
		case even > zeros/2:
			return utf16(data, unicode.BigEndian)
		}
		return utf16(data, unicode.LittleEndian)
	}
	if bytes.HasPrefix(data, []byte("%PDF")) || bytes.HasPrefix(data, []byte("{\\rtf")) || bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(head)), []byte("<")) {
		return "", ErrFormat
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	s, err := charmap.Windows1258.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(s, utf8.RuneError) {
		return strings.ToValidUTF8(string(data), "\ufffd"), nil // a broken UTF-8 is readable but for its faults
	}
	return string(s), nil
}

func utf16(data []byte, order unicode.Endianness) (string, error) {
	s, _, err := transform.Bytes(unicode.UTF16(order, unicode.UseBOM).NewDecoder(), data)
	if err != nil {
		return "", ErrFormat
	}
	return string(s), nil
}

// delimiters part the fields of a csv.
const delimiters = ",;\t|"

// sampleSize is how much of a text is looked at to find its delimiter, in bytes.
const sampleSize = 64 << 10

// guessDelimiter finds the delimiter by which most headings are found, and then the
// one by which most rows have the same number of fields.
func guessDelimiter(s string) rune {
	sample := s[:min(len(s), sampleSize)]
	best, most := ',', -1
	for _, d := range delimiters {
		rd := newCSV(sample, d)
		points, counts := 0, map[int]int{}
		for range 200 {
			record, err := rd.Read()
			if err != nil && !errors.Is(err, csv.ErrFieldCount) {
				break
			}
			points = max(points, 1000*len(recognized(record)))
			if len(record) > 1 {
				counts[len(record)]++
			}
		}
		same := 0
		for _, n := range counts {
			same = max(same, n)
		}
		if points+same > most {
			best, most = d, points+same
		}
	}
	return best
}

func newCSV(s string, delimiter rune) *csv.Reader {
	rd := csv.NewReader(strings.NewReader(s))
	rd.Comma, rd.FieldsPerRecord, rd.LazyQuotes, rd.ReuseRecord = delimiter, -1, true, true
	return rd
}

// maxLines is how many lines a field of a csv can have: with more, a quote was opened
// and never closed.
const maxLines = 30

// records reads the records of a csv as rows: they are numbered as a spreadsheet
// would, where empty lines count and the lines of one field do not.
func (r *reader) records(s string, delimiter rune) ([]line, error) {
	rd := newCSV(s, delimiter)
	var lines []line
	inside := 0 // lines that were inside of fields so far
	for {
		record, err := rd.Read()
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return r.unquoted(s, delimiter)
		}
		at, _ := rd.FieldPos(0)
		breaks := 0
		l := line{n: at - inside, cells: make([]cell, 0, min(len(record), MaxColumns))}
		for i, field := range record {
			n := strings.Count(field, "\n")
			if n > maxLines {
				return r.unquoted(s, delimiter)
			}
			breaks += n
			if i < MaxColumns {
				l.cells = append(l.cells, cell{text: clean(field)})
			}
		}
		inside += breaks
		if len(l.filled()) > 0 {
			lines = append(lines, l)
			if err := r.count(); err != nil {
				return nil, err
			}
		}
	}
}

// unquoted reads a csv whose quotes are no quotes: a line is a row.
func (r *reader) unquoted(s string, delimiter rune) ([]line, error) {
	var lines []line
	n := 0
	for text := range strings.SplitSeq(s, "\n") {
		n++
		l := line{n: n}
		for field := range strings.SplitSeq(text, string(delimiter)) {
			if len(l.cells) < MaxColumns {
				l.cells = append(l.cells, cell{text: clean(strings.ReplaceAll(field, `"`, ""))})
			}
		}
		if len(l.filled()) > 0 {
			lines = append(lines, l)
			if err := r.count(); err != nil {
				return nil, err
			}
		}
	}
	return lines, nil
}
