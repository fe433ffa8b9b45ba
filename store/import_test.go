package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lensan/store"
)

// row is a line of a list: name, producer, decision, day, stars; in Bắc Hà.
func row(name, producer, decision, day string, stars int) store.ImportRow {
	d, err := store.ParseDay(day)
	if err != nil {
		panic(err)
	}
	kind := ""
	switch {
	case strings.HasPrefix(producer, "HTX"), strings.HasPrefix(producer, "Hợp"):
		kind = store.Cooperative
	case strings.HasPrefix(producer, "C"):
		kind = store.Company
	}
	return store.ImportRow{Name: name, Producer: producer, Kind: kind, Decision: decision, Decided: d, Stars: stars,
		Place: store.Place{Commune: "02839", Province: "15"}}
}

// imported imports rows as the command line does, and says what became of them.
func (r *records) imported(rows ...store.ImportRow) string {
	r.t.Helper()
	return r.importedBy(store.CommandLine, true, rows...)
}

func (r *records) importedBy(by int64, partial bool, rows ...store.ImportRow) string {
	r.t.Helper()
	var outcomes []string
	r.change(func(tx *store.Tx) error {
		got, err := tx.Import(r.t.Context(), by, rows, partial)
		outcomes = nil
		for _, l := range got.Lines {
			outcomes = append(outcomes, strings.TrimSpace(l.Outcome+" "+l.Reason))
		}
		return err
	})
	return strings.Join(outcomes, ", ")
}

// listed describes the records of officers' lists, a certificate a line.
func (r *records) listed() string {
	r.t.Helper()
	rows, err := query[string](r.t, r.address, `select coalesce(string_agg(concat_ws('|', f.name, f.kind, f.commune, f.phone, p.name, p.state,
			coalesce(c.stars, 0), c.decision, coalesce(c.decided::text, c.decided_said, ''), c.state), E'\n' order by f.id, p.id, c.id), '')
		from producers f join products p on p.producer = f.id left join certificates c on c.product = p.id where f.listed and p.listed`)
	r.must(err)
	return rows
}

func TestImport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		lists [][]store.ImportRow
		want  []string // of each list
		kept  string
	}{
		{"again", [][]store.ImportRow{
			{row("Gạo Séng Cù", "HTX Na Lo", "1/QĐ-UBND", "2021-12-15", 4), row("Mật ong", "HTX Na Lo", "1/QĐ-UBND", "2021-12-15", 3), row("Chè", "", "", "", 3)},
			{row("Gạo Séng Cù", "HTX Na Lo", "1/QĐ-UBND", "2021-12-15", 4), row("Mật ong", "HTX Na Lo", "1/QĐ-UBND", "2021-12-15", 3), row("Chè", "", "", "", 3)},
		}, []string{"new, new, new", "unchanged, unchanged, unchanged"}, `
HTX Na Lo|cooperative|02839||Gạo Séng Cù|certified|4|1/QĐ-UBND|2021-12-15|valid
HTX Na Lo|cooperative|02839||Mật ong|certified|3|1/QĐ-UBND|2021-12-15|valid
||02839||Chè|certified|3|||valid`},
		{"other spelling", [][]store.ImportRow{
			{row("Rượu Hoà Bình", "HTX NN Nậm Đét", "1/QĐ-UBND", "2021-12-15", 4)},
			{row("RƯỢU HÒA BÌNH", "Hợp tác xã nông nghiệp Nậm Đét", "1/QD-UBND", "2021-12-15", 4), row("ruou hoa binh", "hop tac xa nn nam det", "1 / QĐ - UBND", "", 0)},
		}, []string{"new", "unchanged, unchanged"}, `
HTX NN Nậm Đét|cooperative|02839||Rượu Hoà Bình|certified|4|1/QĐ-UBND|2021-12-15|valid`},
		{"another producer", [][]store.ImportRow{
			{row("Mứt", "HTX Hòa An", "", "", 3), row("Mứt", "HTX Họa An", "", "", 3), row("Mứt", "Công ty Hòa An", "", "", 3)},
			{row("Mứt", "HTX Hòa An", "", "", 3), row("Mứt", "HTX Họa An", "", "", 3), row("Mứt", "Công ty Hòa An", "", "", 3)},
		}, []string{"new, new, new", "unchanged, unchanged, unchanged"}, ""},
		{"another product", [][]store.ImportRow{
			{row("Mứt dừa", "HTX A1", "", "", 3), row("Mứt dứa", "HTX A1", "", "", 3)},
			{row("Mứt dứa", "HTX A1", "", "", 3), row("Mứt dừa", "HTX A1", "", "", 3)},
		}, []string{"new, new", "unchanged, unchanged"}, ""},
		{"later decision", [][]store.ImportRow{
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-15", 3)},
			{row("Gạo", "HTX A1", "9/QĐ-UBND", "2024-12-10", 4)},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-15", 3)},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-15", 3), row("Gạo", "HTX A1", "9/QĐ-UBND", "2024-12-10", 4)},
		}, []string{"new", "changed", "unchanged", "unchanged, unchanged"}, `
HTX A1|cooperative|02839||Gạo|certified|3|1/QĐ-UBND|2021-12-15|replaced
HTX A1|cooperative|02839||Gạo|certified|4|9/QĐ-UBND|2024-12-10|valid`},
		{"earlier decision comes later", [][]store.ImportRow{
			{row("Gạo", "HTX A1", "9/QĐ-UBND", "2024-12-10", 4)},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-15", 3)},
		}, []string{"new", "changed"}, `
HTX A1|cooperative|02839||Gạo|certified|4|9/QĐ-UBND|2024-12-10|valid
HTX A1|cooperative|02839||Gạo|certified|3|1/QĐ-UBND|2021-12-15|replaced`},
		{"put right", [][]store.ImportRow{
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-15", 3)},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-16", 4)},
		}, []string{"new", "changed"}, `
HTX A1|cooperative|02839||Gạo|certified|4|1/QĐ-UBND|2021-12-16|valid`},
		{"told more", [][]store.ImportRow{
			{{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 3, DecidedSaid: "2021"}},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "", 3)},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-16", 3)},
			{{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}}},
		}, []string{"new", "changed", "changed", "unchanged"}, `
HTX A1|cooperative|02839||Gạo|certified|3|1/QĐ-UBND|2021-12-16|valid`},
		{"number of another year", [][]store.ImportRow{
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-16", 3)},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2024-01-05", 3)},
		}, []string{"new", "changed"}, `
HTX A1|cooperative|02839||Gạo|certified|3|1/QĐ-UBND|2021-12-16|replaced
HTX A1|cooperative|02839||Gạo|certified|3|1/QĐ-UBND|2024-01-05|valid`},
		{"years alone", [][]store.ImportRow{
			{{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 4, DecidedSaid: "2024"}},
			{{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 3, DecidedSaid: "2021"}},
			{
				{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 3, DecidedSaid: "năm 2021"},
				{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 4, DecidedSaid: "2024"},
				{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 4},
			},
			{{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 5, DecidedSaid: "2021"}},
			{{Name: "Gạo", Producer: "HTX A1", Place: store.Place{Province: "15"}, Stars: 3, DecidedSaid: "năm 2021"}},
			{row("Gạo", "HTX A1", "9/QĐ-UBND", "2024-12-10", 4)},
		}, []string{"new", "changed", "changed, unchanged, unchanged", "changed", "changed", "changed"}, `
HTX A1|cooperative|02839||Gạo|certified|4|9/QĐ-UBND|2024-12-10|valid
HTX A1|cooperative|02839||Gạo|certified|3||năm 2021|replaced`},
		{"contradicts itself", [][]store.ImportRow{
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-16", 3), row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-16", 4)},
			{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-16", 3), row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-16", 4)},
		}, []string{"new, unchanged", "unchanged, unchanged"}, `
HTX A1|cooperative|02839||Gạo|certified|3|1/QĐ-UBND|2021-12-16|valid`},
		{"refused", [][]store.ImportRow{
			{row("", "HTX A1", "1/QĐ-UBND", "2021-12-16", 3), row("X", "HTX A1", "", "", 0), row("Gạo", "HTX A1", "", "", 0), row(strings.Repeat("dài ", 60), strings.Repeat("HTX dài ", 60), strings.Repeat("9", 999), "", 0)},
		}, []string{"refused no_name, refused short, new, new"}, ""},
		{"long names", [][]store.ImportRow{
			{row("Gạo"+strings.Repeat(" dài", 49), "HTX"+strings.Repeat(" xa", 65), "", "", 3)},
			{row("Gạo"+strings.Repeat(" dài", 49), "HTX"+strings.Repeat(" xa", 65), "", "", 3)},
		}, []string{"new", "unchanged"}, "HTX" + strings.Repeat(" xa", 65) + "|cooperative|02839||Gạo" + strings.Repeat(" dài", 49) + "|certified|3|||valid"},
		{"same name elsewhere", [][]store.ImportRow{
			{
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Commune: "02839", Province: "15"}},
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Commune: "02761", Province: "15"}},
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Province: "15"}},
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Province: "40"}},
			},
			{
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Commune: "02839", Province: "15"}},
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Commune: "02761", Province: "15"}},
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Province: "15"}},
				{Name: "Gạo", Producer: "HTX Hòa Bình", Place: store.Place{Province: "40"}},
			},
		}, []string{"new, new, new, new", "unchanged, unchanged, unchanged, unchanged"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRecords(t)
			for i, list := range c.lists {
				if got := r.imported(list...); got != c.want[i] {
					t.Errorf("list %d: %s, want %s", i+1, got, c.want[i])
				}
			}
			if want := strings.TrimSpace(c.kept); want != "" {
				if got := r.listed(); got != want {
					t.Error(cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
				}
			}
		})
	}
}

// TestImportHeld: a refused row holds the whole list back, unless asked otherwise.
func TestImportHeld(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	rows := []store.ImportRow{row("Gạo", "HTX A1", "", "", 3), row("", "HTX A1", "", "", 3)}
	if got := r.importedBy(store.CommandLine, false, rows...); got != ", refused no_name" || r.listed() != "" {
		t.Error(got, r.listed())
	}
	if got := r.importedBy(store.CommandLine, true, rows...); got != "new, refused no_name" || r.listed() == "" {
		t.Error(got, r.listed())
	}
}

// TestImportLeavesMembersAlone: a producer that is claimed keeps what its members say,
// and one that nobody claimed follows the list. Who registered a name is not given
// the certificates of that name.
func TestImportLeavesMembersAlone(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	one := row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-15", 3)
	one.Phone, one.Contact = "0911111111", "Lý A Sáng"
	r.imported(one)
	one.Phone = "0922222222"
	if got := r.imported(one); got != "changed" {
		t.Error(got)
	}
	found, err := r.Read().ListedProducers(ctx, "HTX A1", one.Place)
	if err != nil || len(found) != 1 || found[0].Phone != "0922222222" {
		t.Fatal(found, err)
	}
	r.change(func(tx *store.Tx) error { return tx.AddMember(ctx, found[0].ID, r.lan, store.Manager) })
	one.Phone = "0933333333"
	if got := r.imported(one); got != "unchanged" {
		t.Error(got)
	}

	registered := row("Gạo nhà", "Nhà Lò Thị Lan", "1/QĐ-UBND", "2021-12-15", 3)
	registered.Place.Commune, registered.Kind = "02761", store.Household
	if got := r.imported(registered); got != "new" {
		t.Error(got)
	}
	mine, err := r.Read().ProductsOf(ctx, r.lan)
	if err != nil || len(mine) != 1 || mine[0].Name != "Gạo" {
		t.Error(mine, err)
	}
}

// TestImportOnlyInArea: officers import what lies in their area, and nobody else does.
func TestImportOnlyInArea(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	elsewhere := row("Gạo", "HTX A1", "", "", 3)
	elsewhere.Place = store.Place{Commune: "02761", Province: "15"}
	unknown := row("Gạo", "HTX A1", "", "", 3)
	unknown.Place = store.Place{Province: "15"}
	far := row("Gạo", "HTX A1", "", "", 3)
	far.Place = store.Place{Province: "40"}
	rows := []store.ImportRow{row("Gạo", "HTX A1", "", "", 3), elsewhere, unknown, far}
	for _, by := range []int64{0, r.minh, 999} {
		r.refused(store.ErrNotYours, func(tx *store.Tx) error {
			_, err := tx.Import(t.Context(), by, rows, true)
			return err
		})
	}
	commune, province := r.officer(store.RoleOfficer, "02839"), r.officer(store.RoleOfficer, "15")
	if got := r.importedBy(commune, true, rows...); got != "new, refused area, refused area, refused area" {
		t.Error(got)
	}
	if got := r.importedBy(province, true, rows...); got != "unchanged, new, new, refused area" {
		t.Error(got)
	}
	log, err := r.Read().AuditLog(t.Context(), "SP-000001", 9)
	if err != nil || len(log) != 1 || log[0].Actor != store.PersonActor(commune) || log[0].Office != "officer 02839" || log[0].Act != "import new" {
		t.Error(log, err)
	}
}

// TestImportTogether: two lists at once add a producer once.
func TestImportTogether(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			err := r.Change(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Import(t.Context(), store.CommandLine, []store.ImportRow{row("Gạo", "HTX A1", "1/QĐ-UBND", "2021-12-15", 3)}, true)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := r.listed(); strings.Count(got, "\n") != 0 || got == "" {
		t.Error(got)
	}
}

// TestImportMany: a large list is written at once, and known again.
func TestImportMany(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	const n = 10_000
	rows := make([]store.ImportRow, n)
	for i := range rows {
		rows[i] = row(fmt.Sprintf("Sản phẩm %d", i), fmt.Sprintf("HTX số %d", i/3), "1/QĐ-UBND", "2021-12-15", 3)
	}
	for _, want := range []store.ImportResult{{New: n}, {Unchanged: n}} {
		start := time.Now()
		r.change(func(tx *store.Tx) error {
			got, err := tx.Import(t.Context(), store.CommandLine, rows, false)
			if err == nil && (got.New != want.New || got.Unchanged != want.Unchanged) {
				return errors.New(fmt.Sprint(got.New, got.Changed, got.Unchanged))
			}
			return err
		})
		t.Log(time.Since(start))
	}
}
