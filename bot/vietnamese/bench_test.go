package vietnamese

import (
	"strings"
	"testing"
)

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("Tôi muốn đăng ký sản phẩm Mật ong Bắc Hà")
	}
}

func BenchmarkMatch(b *testing.B) {
	m := wishes(b)
	for b.Loop() {
		m.Match("htx nhà em mới làm được miến dong, muốn làm ocop thì làm ntn ạ")
	}
}

func BenchmarkReadCommune(b *testing.B) {
	ReadCommune("bac ha", "15")
	for b.Loop() {
		ReadCommune("xã Thanh Bình, huyện Mường Khương cũ", "15")
	}
}

// BenchmarkNearCommune reads a name nobody bears, and finds those that sound so.
func BenchmarkNearCommune(b *testing.B) {
	ReadCommune("bac ha", "15")
	for b.Loop() {
		ReadCommune("da em o thon 3 ban nien huyen bac ha a", "15")
	}
}

// BenchmarkGazetteer is what the first question for a place costs.
func BenchmarkGazetteer(b *testing.B) {
	for b.Loop() {
		readGazetteer()
	}
}

func BenchmarkYesNo(b *testing.B) {
	for b.Loop() {
		YesNo("dạ vâng em đồng ý, cán bộ cứ ghi giúp em ạ")
	}
}

// BenchmarkSearch looks for a name among 20,000: one said whole with a slip, and one
// word that a thousand names have.
func BenchmarkSearch(b *testing.B) {
	x := NewIndex(manyNames())
	for _, said := range []string{"cho em hỏi sp mat ogn xạch cổ thụ Bảnh Chầu", "mật ong", "gạo nêp", "máy cày kubota"} {
		b.Run(said, func(b *testing.B) {
			for b.Loop() {
				x.Search(said, 5)
			}
		})
	}
}

// BenchmarkIndex prepares 20,000 names.
func BenchmarkIndex(b *testing.B) {
	names := manyNames()
	for b.Loop() {
		NewIndex(names)
	}
}

// BenchmarkFigures is what the readers of figures cost.
func BenchmarkFigures(b *testing.B) {
	for name, read := range map[string]func(string){
		"phone":    func(s string) { Phone(s) },
		"date":     func(s string) { ReadDate(s, sunday0) },
		"money":    func(s string) { ReadMoney(s) },
		"quantity": func(s string) { ReadQuantity(s) },
	} {
		said := map[string]string{"phone": "dạ số em là 0912 345 678 ạ", "date": "ngày 28 tháng 12 năm 2023", "money": "từ 45 đến 50 nghìn một cân", "quantity": "một năm khoảng 2 tạ rưỡi"}[name]
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				read(said)
			}
		})
	}
}

// BenchmarkMatchWorst is a text in which every word is of many rules.
func BenchmarkMatchWorst(b *testing.B) {
	m := wishes(b)
	s := strings.Repeat("làm hồ sơ ocop học lớp không đăng ký ", 20)
	for b.Loop() {
		m.Match(s)
	}
}
