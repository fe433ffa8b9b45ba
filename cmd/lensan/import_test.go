package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lensan/store/sheet"
)

const published = "../../store/sample/ocop-products.csv"

// runImport runs the command and returns both outputs.
func runImport(t *testing.T, environ []string, args ...string) (out, faults string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &program{environ: environ, in: strings.NewReader(""), out: &stdout, err: &stderr}
	err = p.run(t.Context(), append([]string{"import"}, args...))
	return stdout.String(), stderr.String(), err
}

// listFile writes a list into a file.
func listFile(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const doubtfulList = `STT;Tên sản phẩm;Chủ thể;Hạng sao;Số QĐ;Ngày ký;Ngày công nhận;Địa chỉ
1;Gạo Séng Cù;HTX Na Lo;4 sao;4261/QĐ-UBND;31/08/2021;20/12/2021;Xã Bản Phố, huyện Bắc Hà
2;;HTX Na Lo;3 sao;4261/QĐ-UBND;31/08/2021;20/12/2021;
3;Mật ong;;;;;;
Tổng cộng: 3
`

// TestImportJSON: an object a line and nothing else, without any server; what is in
// doubt is named on the other output.
func TestImportJSON(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	environ := []string{"LENSAN_DATA=" + data}
	file := listFile(t, "ds.csv", doubtfulList)
	out, faults, err := runImport(t, environ, file, "--dry-run", "--json", "--column", "decision_date=F")
	if err != nil || strings.Contains(faults, "--column") {
		t.Fatal(err, faults)
	}
	want := `{"file":"ds.csv","sheet":"","row":2,"name":"Gạo Séng Cù","producer":"HTX Na Lo","producer_kind":"cooperative","stars":4,"decision_number":"4261/QĐ-UBND","decision_date":"2021-08-31","issued_by":"","commune":"02839","place":"Xã Bản Phố, huyện Bắc Hà","ends":"2024-08-31","notes":""}
{"file":"ds.csv","sheet":"","row":3,"name":"","producer":"HTX Na Lo","producer_kind":"cooperative","stars":3,"decision_number":"4261/QĐ-UBND","decision_date":"2021-08-31","issued_by":"","commune":"","place":"","ends":"2024-08-31","notes":"","refused":"không có tên sản phẩm"}
{"file":"ds.csv","sheet":"","row":4,"name":"Mật ong","producer":"","producer_kind":"","stars":null,"decision_number":"","decision_date":"","issued_by":"","commune":"","place":"","ends":"","notes":""}
`
	if out != want {
		t.Errorf("%s", out)
	}
	out, faults, err = runImport(t, environ, file, "--dry-run", "--json")
	if err != nil || strings.Contains(out, "2021-08-31") || !strings.Contains(faults, "--column decision_date=F") {
		t.Error(err, out, faults)
	}
	out, faults, err = runImport(t, environ, published, "--dry-run", "--json")
	if err != nil {
		t.Fatal(err, faults)
	}
	rows := 0
	for d := json.NewDecoder(strings.NewReader(out)); d.More(); rows++ {
		var row jsonRow
		if err := d.Decode(&row); err != nil {
			t.Fatal(err)
		}
	}
	if rows != 125 || strings.Count(out, "\n") != 125 {
		t.Error(rows)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a dry run made a folder for data")
	}
}

// TestImportRefusesFiles: what is no list is refused in words, and so is a column that
// is none.
func TestImportRefusesFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, column, want string }{
		{"x.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "name=A", "xlsx"},
		{"x.xlsx", "PK\x03\x04 no zip", "name=A", "xlsx"},
		{"x.pdf", "%PDF-1.7", "name=A", "xlsx"},
		{"x.csv", strings.Repeat("x", sheet.MaxSize+1), "name=A", "20 MB"},
		{"x.csv", "a,b", "day=A", "decision_date"},
		{"x.csv", "a,b", "name=7", "name=F"},
	} {
		out, faults, err := runImport(t, nil, listFile(t, c.name, c.content), "--dry-run", "--column", c.column)
		if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%s: %v %s %s", c.name, err, out, faults)
		}
	}
	if _, _, err := runImport(t, nil, "no such file"); err == nil {
		t.Error("a file that is not there")
	}
}

// TestImportWrites: the list is written once; a refused row holds it back unless asked
// otherwise; what is to be corrected can be read again.
func TestImportWrites(t *testing.T) {
	t.Parallel()
	environ := chatEnv(t)
	file, fix := listFile(t, "ds.csv", doubtfulList), filepath.Join(t.TempDir(), "fix.xlsx")
	step := func(want string, args ...string) {
		t.Helper()
		if out, faults, err := runImport(t, environ, args...); err != nil || !strings.Contains(out, want) {
			t.Errorf("%v: %v\n%s%s", args, err, out, faults)
		}
	}
	step("--partial", file)
	step("Đã ghi: 2 mới, 0 có thay đổi, 0 giữ nguyên.", file, "--partial")
	step("Đã ghi: 0 mới, 1 có thay đổi, 1 giữ nguyên.", file, "--partial", "--column", "decision_date=G")
	step("Đã ghi: 0 mới, 0 có thay đổi, 2 giữ nguyên.", file, "--partial", "--column", "decision_date=G", "--result", fix)
	step("dòng 3, ô B3: không có tên sản phẩm", file, "--dry-run")
	out, faults, err := runImport(t, nil, fix, "--dry-run", "--json")
	if err != nil || strings.Count(out, "\n") != 2 || !strings.Contains(out, `"refused"`) || !strings.Contains(out, "Mật ong") {
		t.Error(err, out, faults)
	}
}
