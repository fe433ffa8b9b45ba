package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is read into testdata")

// TestLists reads every list of lists_*_test.go as an office of Lào Cai, and
// compares with testdata/NAME.txt, which people check line by line.
func TestLists(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, b := range builders {
		if names[b.name] {
			t.Fatalf("two lists are called %s", b.name)
		}
		names[b.name] = true
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			data := b.build(t)
			opt := b.options
			if opt.Province == "" {
				opt.Province = "15"
			}
			list, err := Parse(b.name, data, opt)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, b.name, b.about+"\n\n"+describe(list))
		})
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".txt"); !names[name] && name != "published" {
			t.Errorf("%s belongs to no list", f)
		}
	}
}

// TestPublished reads the real list of seven provinces.
func TestPublished(t *testing.T) {
	t.Parallel()
	list, err := Read(filepath.Join("..", "sample", "ocop-products.csv"), Options{Province: "15"})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Rows) != 125 {
		t.Errorf("%d rows", len(list.Rows))
	}
	compare(t, "published", "store/sample/ocop-products.csv\n\n"+describe(list))
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s", cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")))
	}
}

// describe writes a list as people read it: a product on three lines, what is empty
// left out.
func describe(list *List) string {
	var b strings.Builder
	sheet := ""
	for _, r := range list.Rows {
		if r.Sheet != sheet {
			sheet = r.Sheet
			fmt.Fprintf(&b, "== %s\n", sheet)
		}
		part := func(mark, s string) string {
			if s == "" {
				return ""
			}
			return mark + s
		}
		stars := ""
		if r.Stars > 0 {
			stars = fmt.Sprint(r.Stars, " sao")
		}
		fmt.Fprintf(&b, "%d %s%s%s%s\n", r.Line, r.Name, part(" | ", r.Producer), part(" : ", r.ProducerKind), part(" | ", stars))
		second := part(" | ", r.DecisionNumber) + part(" ngày ", r.DecisionDate.String()) + part(" (", r.DateSaid+")")[:len(part(" (", r.DateSaid))+min(1, len(r.DateSaid))] + part(" của ", r.IssuedBy) +
			part(" → ", r.Ends().String()) + part(" | ", r.Commune) + part(" | ", r.Place)
		if second != "" {
			fmt.Fprintf(&b, "    %s\n", strings.TrimPrefix(strings.TrimSpace(second), "| "))
		}
		third := part(" | ", r.Contact) + part(" | ", r.Phone) + part(" | ", r.Group) + part(" | ", r.State)
		if third != "" {
			fmt.Fprintf(&b, "    %s\n", strings.TrimPrefix(third, " | "))
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "    # %s\n", strings.Join(strings.Fields(n.Code+" "+r.Cell(n.Field)+" "+n.Said), " "))
		}
		if r.Refused != "" {
			fmt.Fprintf(&b, "    ! %s\n", r.Refused)
		}
	}
	for _, d := range list.Doubts {
		fmt.Fprintf(&b, "? %s\n", strings.Join(strings.Fields(d.Sheet+" "+d.Field+" "+strings.Join(d.Letters(), " ")), " "))
	}
	for _, h := range list.Hidden {
		fmt.Fprintf(&b, "hidden %s\n", h)
	}
	return b.String()
}

// TestBombs: what unpacks to more than a list could hold, what has more rows, cells
// merged over each other, is refused before it takes the memory it asks for.
func TestBombs(t *testing.T) {
	t.Parallel()
	merges := strings.Repeat(`<mergeCell ref="A1:B900000"/>`, 10)
	for name, sheet := range map[string]func(io.Writer) error{
		"merged": func(w io.Writer) error {
			_, err := io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/><mergeCells>`+merges+`</mergeCells></worksheet>`)
			return err
		},
		"rows": func(w io.Writer) error {
			if _, err := io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`); err != nil {
				return err
			}
			for i := range 1001 {
				if _, err := fmt.Fprintf(w, `<row r="%d"><c r="A%[1]d"><v>1</v></c></row>`, i+1); err != nil {
					return err
				}
			}
			_, err := io.WriteString(w, `</sheetData></worksheet>`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse("x.xlsx", pack(t, sheet), Options{MaxRows: 1000}); !errors.Is(err, ErrTooLarge) {
				t.Error(err)
			}
		})
	}
	if _, err := Parse("x.csv", []byte(strings.Repeat("a,b\n", 1001)), Options{MaxRows: 1000}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

// TestUnpacked: a file that says it is larger than may be unpacked is not unpacked, and
// one that says it is smaller than it is ends where it said.
func TestUnpacked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size uint64
		want error
	}{{maxUnzip + 1, ErrTooLarge}, {100, ErrFormat}} {
		var packed, out bytes.Buffer
		f, err := flate.NewWriter(&packed, flate.BestCompression)
		if err == nil {
			_, err = f.Write(bytes.Repeat([]byte("<sheetData>"), 1<<16))
			err = errors.Join(err, f.Close())
		}
		z := zip.NewWriter(&out)
		w, failed := z.CreateRaw(&zip.FileHeader{Name: "xl/workbook.xml", Method: zip.Deflate, UncompressedSize64: c.size, CompressedSize64: uint64(packed.Len())})
		if err := errors.Join(err, failed); err != nil {
			t.Fatal(err)
		}
		_, err = w.Write(packed.Bytes())
		if err := errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := Parse("x.xlsx", out.Bytes(), Options{}); !errors.Is(err, c.want) {
			t.Errorf("%d: %v", c.size, err)
		}
	}
}

// pack makes a workbook around the file of its one sheet.
func pack(t *testing.T, sheet func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	} {
		w, err := z.Create(part.name)
		if err == nil {
			_, err = io.WriteString(w, part.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		err = sheet(w)
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFormulasStand: of a formula the value the file shows is taken, and nothing is
// reckoned or fetched.
func TestFormulasStand(t *testing.T) {
	t.Parallel()
	cell := func(at, formula, value string) string {
		return fmt.Sprintf(`<c r="%s" t="str"><f>%s</f><v>%s</v></c>`, at, formula, value)
	}
	list, err := Parse("x.xlsx", pack(t, func(w io.Writer) error {
		_, err := io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">`+
			cell("A1", "", "Tên sản phẩm")+cell("B1", "", "Chủ thể")+cell("C1", "", "Hạng sao")+`</row><row r="2">`+
			cell("A2", `CONCATENATE("Mật", " ong")`, "Gạo Séng Cù")+cell("B2", `WEBSERVICE("http://127.0.0.1:9/")`, "HTX A")+cell("C2", "1+1", "4 sao")+`</row><row r="3">`+
			cell("A3", `CONCATENATE("Mật", " ong")`, "")+cell("B3", `cmd|' /C calc'!A0`, "HTX B")+cell("C3", "1+1", "3")+`</row></sheetData></worksheet>`)
		return err
	}), Options{Province: "15"})
	if err != nil {
		t.Fatal(err)
	}
	want := "== S\n2 Gạo Séng Cù | HTX A : cooperative | 4 sao\n3  | HTX B : cooperative | 3 sao\n    ! no_name\n"
	if got := describe(list); got != want {
		t.Error(cmp.Diff(want, got))
	}
}
