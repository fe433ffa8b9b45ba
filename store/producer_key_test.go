package store_test

import (
	"os"
	"regexp"
	"testing"

	"lensan/store"
)

func TestProducerKey(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Hợp tác xã Nông nghiệp Nậm Đét":     "nong nghiep nam det",
		"HTX NN NẬM ĐÉT":                     "nong nghiep nam det",
		"htx nn nam det":                     "nong nghiep nam det",
		"Công ty TNHH MTV Traphaco Sa Pa":    "traphaco sa pa",
		"Cty Cổ phần TM và DV Lan Rừng":      "thuong mai dich vu lan rung",
		"Công ty TM & DV Lan Rừng":           "thuong mai dich vu lan rung",
		"Hộ kinh doanh Vàng Thị Mai":         "vang thi mai",
		"Hồ Thị Mai":                         "ho thi mai", // a family's name
		"Tổ hợp tác sản xuất Cốm thôn Na Lo": "san xuat com thon na lo",
		"HTX":                 "htx", // it is all there is
		"Liên hiệp HTX Cơ sở": "co so",
		"":                    "",
	} {
		if got := store.ProducerKey(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestProducerKeysMigrated: the migration gives producers from before it the key new
// ones have.
func TestProducerKeysMigrated(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	r.must(r.LoadSample(t.Context()))
	for _, p := range published(t) {
		if p[1] != "" {
			r.list(p[0], p[1], "")
		}
	}
	migration, err := os.ReadFile("migrations/00005_roles.sql")
	r.must(err)
	r.must(r.sql(`update producers set folded = ''`))
	updates := regexp.MustCompile(`(?m)^update producers set folded = [^;]*;`).FindAllString(string(migration), -1)
	for _, sql := range updates {
		r.must(r.sql(sql))
	}
	list, err := r.Read().AllProducers(t.Context())
	if err != nil || len(list) < 60 || len(updates) != 3 {
		t.Fatalf("%d producers, %d updates, %v", len(list), len(updates), err)
	}
	for name, key := range list {
		if want := store.ProducerKey(name); key != want {
			t.Errorf("%q: %q, want %q", name, key, want)
		}
	}
}
