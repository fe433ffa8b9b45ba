package vietnamese

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// productIndex holds the names the corpora's products are from.
func productIndex(t testing.TB) ([]string, *Index) {
	t.Helper()
	p, err := readProducts()
	if err != nil {
		t.Fatal(err)
	}
	return p.names, p.index
}

type products struct {
	names []string
	index *Index
}

var readProducts = sync.OnceValues(func() (products, error) {
	f, err := os.Open(filepath.Join("..", "..", "store", "sample", "ocop-products.csv"))
	if err != nil {
		return products{}, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	var names []string
	for _, row := range rows[min(1, len(rows)):] {
		if name := norm.NFC.String(row[0]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return products{names, NewIndex(names)}, err
})

// manyNames are 20,000 names as a country has them: a thing, what is made of it, a place.
func manyNames() []string {
	things := strings.Fields("Mật_ong Trà Chè Gạo_nếp Gạo_tẻ Rượu_ngô Rượu_mận Miến_dong Tinh_dầu_quế Thịt_trâu_sấy Lạp_sườn Cốm Măng_khô Cá_hồi Nấm_hương Mộc_nhĩ Mắm_tép Bánh_chưng Chả_cá Giò_lụa Thổ_cẩm Hạt_tiêu Cà_phê Xoài_sấy Tương_ớt")
	kinds := strings.Fields("rừng sạch đặc_sản hữu_cơ cổ_thụ truyền_thống nguyên_chất sấy_dẻo bản_địa hoa_nhãn")
	onset := strings.Fields("B Ch D Đ G H Kh L M N Ng Nh Ph Qu S T Th Tr V X")
	rime := strings.Fields("an ảnh ầu êm iếng oài ong ơn ũng uyên ương ay")
	out := make([]string, 20_000)
	for i := range out {
		name := things[i%len(things)] + " " + kinds[i/7%len(kinds)] + " " + onset[i%len(onset)] + rime[i/5%len(rime)] + " " + onset[i/3%len(onset)] + rime[i/11%len(rime)]
		out[i] = strings.ReplaceAll(name, "_", " ")
	}
	return out
}

// TestSearchNonsense finds nothing for words that no name has, however near.
func TestSearchNonsense(t *testing.T) {
	names := []string{"Lê Nậm Pung", "Lạp sườn", "Quả bưởi Múc", "Cốm Na Lo"}
	for _, said := range []string{"lung tung", "linh tinh", "vớ vẩn"} {
		for _, i := range Search(said, names) {
			t.Errorf("Search(%q) finds %q", said, names[i])
		}
	}
}

// TestSearchSmall searches lists as short as a producer's own.
func TestSearchSmall(t *testing.T) {
	t.Parallel()
	own := []string{"Gạo nếp", "Mật ong hoa nhãn", "HTX Sơn Hòa", "Gạo tẻ"}
	for said, want := range map[string][]int{
		"gạo": {0, 3}, "gao te": {3}, "mat ogn": {1}, "hợp tác xã sơn hoà": {2}, "htx son hoa": {2},
		"cà phê": nil, "": nil, "cho em hỏi": nil,
	} {
		if got := Search(said, own); !slices.Equal(got, want) {
			t.Errorf("Search(%q) = %v, want %v", said, got, want)
		}
	}
	if got := NewIndex(own).Search("gạo", 1); len(got) != 1 {
		t.Errorf("at most one: %v", got)
	}
	if got := Search("gạo", nil); got != nil {
		t.Errorf("of no names: %v", got)
	}
}
