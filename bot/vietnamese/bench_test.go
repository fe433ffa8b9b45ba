package vietnamese

import "testing"

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

// BenchmarkGazetteer is what the first question for a place costs.
func BenchmarkGazetteer(b *testing.B) {
	for b.Loop() {
		readGazetteer()
	}
}
