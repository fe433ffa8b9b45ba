package store_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"lensan/bot/bottest"
	"lensan/store"
)

// list puts a product of a list into the database.
func (r *records) list(name, producer, commune string, sql ...string) int64 {
	r.t.Helper()
	id, err := query[int64](r.t, r.address, `with f as (insert into producers (kind, name, folded, commune, province, listed)
			values ('cooperative', $2, '', $3, '15', true) returning id)
		insert into products (producer, name, folded, product_group, kind, state, listed)
		select id, $1, lower($1), 'unknown', 'ocop', 'certified', true from f returning id`, name, producer, commune)
	r.must(err)
	r.must(r.sql(`update catalogue set version = version + 1`))
	for _, s := range sql {
		r.must(r.sql(s, id))
	}
	return id
}

// found are the names a search finds.
func (r *records) found(person int64, said string) string {
	r.t.Helper()
	list, err := r.SearchAs(r.t.Context(), person, said, 5)
	r.must(err)
	var names []string
	for _, l := range list {
		names = append(names, l.Name+" – "+l.Producer.Name)
	}
	return strings.Join(names, "; ")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	const decision = `insert into certificates (product, stars, decision, decided) values ($1, 4, '4261/QĐ-UBND', '2021-12-15')`
	r.list("Quả bưởi Múc", "Hợp tác xã Bưởi Múc Thái Niên", "02923", decision)
	r.list("Mật ong rừng", "HTX Ong Y Tý", "02728")
	r.list("Mật ong rừng", "HTX Sơn Hòa", "02761")
	r.list("Tinh dầu quế", "HTX Quế hữu cơ Nậm Đét", "", decision)
	r.list("Thịt lợn bản Mường Khương", "HTX Mường Khương", "02761")
	r.list("Lê Nậm Pung", "Tổ hợp tác Lê Nậm Pung", "02728")
	code := r.list("Thịt trâu gác bếp", "HTX Bảo Yên", "02923")

	const buoi, ong1, ong2 = "Quả bưởi Múc – Hợp tác xã Bưởi Múc Thái Niên", "Mật ong rừng – HTX Ong Y Tý", "Mật ong rừng – HTX Sơn Hòa"
	const que, trau = "Tinh dầu quế – HTX Quế hữu cơ Nậm Đét", "Thịt trâu gác bếp – HTX Bảo Yên"
	const lon, le = "Thịt lợn bản Mường Khương – HTX Mường Khương", "Lê Nậm Pung – Tổ hợp tác Lê Nậm Pung"
	for said, want := range map[string]string{
		"bưởi múc":                    buoi,
		"buoi muc":                    buoi,
		"mật ong":                     ong1 + "; " + ong2,
		"mat ong son hoa":             ong2,
		"mật ong của htx sơn hòa":     ong2 + "; " + ong1,
		"htx son hoa":                 ong2,
		"hợp tác xã sơn hoà":          ong2,
		"4261/QĐ-UBND":                buoi + "; " + que,
		"4261/2021/QĐ-UBND":           buoi + "; " + que,
		"qd 4261":                     buoi + "; " + que,
		"quyết định số 4261 của tỉnh": buoi + "; " + que,
		"4261":                        buoi + "; " + que,
		"9999/QĐ-UBND":                "",
		fmt.Sprintf("sp %d", code):    trau,
		fmt.Sprintf("SP-%06d", code):  trau,
		"SP-999999":                   "",
		"xã gia phú":                  buoi + "; " + trau,
		"xuan giao":                   buoi + "; " + trau, // a commune of before, which lies there
		"thịt trâu gia phú":           trau,
		"muong hum":                   ong1 + "; " + le + "; " + lon, // a commune; the other name is near
		"muong khuong":                lon + "; " + ong2,
		"máy cày kubota":              "",
		"":                            "",
	} {
		if got := r.found(0, said); got != want {
			t.Errorf("%q\n got %q\nwant %q", said, got, want)
		}
	}
}

// TestSearchSees: what was registered from a chat is found by its producer and the
// officers of its area, by others when it is listed.
func TestSearchSees(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	p := r.add("Gạo Séng Cù") // lan's, 02761
	const want = "Gạo Séng Cù – Nhà Lò Thị Lan"
	here, there := r.officer(store.RoleOfficer, "02761"), r.officer(store.RoleOfficer, "02923")
	for person, want := range map[int64]string{0: "", r.lan: want, r.minh: "", here: want, there: "",
		r.officer(store.RoleHelper, "02761"): "", r.officer(store.RoleOfficer, "15"): want, r.officer(store.RoleAdmin): want} {
		for _, said := range []string{"gao seng cu", p.Code()} {
			if got := r.found(person, said); got != want {
				t.Errorf("person %d finds %q, want %q", person, got, want)
			}
		}
	}
	// Another replica sees at once what changes.
	other := open(t, r.address)
	for _, name := range []string{"Miến đao", "Cốm"} {
		r.add(name)
		if got, err := other.SearchAs(t.Context(), r.lan, name, 5); err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	r.change(func(tx *store.Tx) error { _, err := tx.WithdrawProduct(t.Context(), r.lan, p.ID); return err })
	if got := r.found(r.lan, "gao seng cu"); got != "" {
		t.Errorf("a withdrawn product: %s", got)
	}
}

// published is the sample list: name, producer, commune.
func published(t testing.TB) [][3]string {
	t.Helper()
	f, err := os.Open("sample/ocop-products.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out [][3]string
	for _, row := range rows[1:] {
		out = append(out, [3]string{norm.NFC.String(row[0]), norm.NFC.String(row[1])})
	}
	return out
}

// TestSearchPublished finds every product of the sample list by its name, with its
// producer and without marks, and those of the shared searches first.
func TestSearchPublished(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	list := published(t)
	for _, p := range list {
		if p[1] == "" {
			p[1] = "Chưa rõ"
		}
		r.list(p[0], p[1], "")
	}
	for said, want := range map[string][]string{
		"bưởi múc": {"Quả bưởi Múc"}, "mien dao quy mong": {"Miến đao xã Quy Mông"}, "trà actiso": {"Trà phun sương actiso Sa Pa"},
		"cao actiso sapa": {"Cao mềm actiso Sa Pa"}, "tinh dau que": {"Tinh dầu quế Nậm Đét"}, "trung vit sin cheng": {"Trứng vịt Sín Chéng"},
		"nhút bà quế": {"Nhút bà Quế"}, "ruou ba kich": {"Rượu ba kích Ba Chẽ", "Rượu ba kích đặc sản Quảng Ninh"}, "cải kale": {"Cải Kale Bắc Hà"},
		"sầu riêng": nil,
	} {
		got, err := r.Search(t.Context(), said, 8)
		r.must(err)
		if len(want) == 0 != (len(got) == 0) || len(got) > 0 && !slices.Contains(want, got[0].Name) {
			t.Errorf("%q: %+v", said, r.found(0, said))
		}
	}
	for _, p := range list {
		for _, said := range []string{p[0], strings.ToLower(p[0]), p[0] + " " + p[1], "kiểm tra " + p[0]} {
			got, err := r.Search(t.Context(), said, 8)
			r.must(err)
			// "Cao cà gai leo" and "Cao cà gai leo Pù Mát", both of the one of Pù Mát
			same := func(l store.Listed) bool { return l.Name == p[0] && l.Producer.Name == got[0].Producer.Name }
			if len(got) == 0 || got[0].Name != p[0] && !slices.ContainsFunc(got[:min(len(got), 2)], same) {
				t.Errorf("%q: found %q", said, r.found(0, said))
			}
		}
	}
}

// BenchmarkSearch20000 searches 20,000 products, from the question to the records.
func BenchmarkSearch20000(b *testing.B) {
	address := bottest.Database(b)
	db, err := store.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	if err := db.Change(b.Context(), func(tx *store.Tx) error { return store.FillCatalogue(b.Context(), tx, 20_000) }); err != nil {
		b.Fatal(err)
	}
	for _, said := range []string{"mật ong", "cho em hỏi sp mat ogn xạch cổ thụ của htx quyết tiến", "4261/QĐ-UBND", "SP-000012", "xã Bắc Hà", "máy cày kubota"} {
		b.Run(said, func(b *testing.B) {
			if _, err := db.Search(b.Context(), said, 8); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := db.Search(b.Context(), said, 8); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
