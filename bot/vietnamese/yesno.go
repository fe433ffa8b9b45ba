package vietnamese

// Answer is what somebody says to a yes-or-no question.
type Answer int

// The answers.
const (
	Unclear Answer = iota // neither, both, or a question back: ask again
	Yes
	No
)

// String is the answer in English, as tests write it.
func (a Answer) String() string { return [...]string{"unclear", "yes", "no"}[a] }

// What is said for yes and for no, and what leaves it open although such a word
// stands in it. The longest phrase counts first. Words without their marks are
// taken for what answers a question: "dung" is "đúng".
var (
	yesWords = phrases(`đúng; đúng rồi; đúng vậy; đúng thế; đúng đó; đúng đấy; chuẩn; chuẩn rồi; chính xác; chính nó
		có; có chứ; có muốn; có chơi; được; được chứ; được thôi; được luôn; vâng; ừ; ừm; ừa; uh; um; uhm; uk; ờ; ok; yes; y; đồng ý; nhất trí; tán thành
		phải; phải rồi; chắc chắn; chắc chắn rồi; xác nhận; cho phép; tất nhiên; dĩ nhiên; hẳn rồi; sẵn sàng; xong; xong rồi; rồi; muốn; muốn chứ; không vấn đề gì; oke luôn
		làm đi; ghi đi; lưu đi; gửi đi; tiếp đi; tiếp tục; cứ làm đi; cứ thế; cho lưu; cứ lưu; đi được; đi; đã có; có rồi; đúng hết; đúng hết rồi; 👍; 👌; ✅`)
	noWords = phrases(`không; không phải; không đúng; không có; không đồng ý; không muốn; không cần; không được; không đâu; không ạ; kh; no; n; không nhất trí; không chính xác
		chưa; chưa có; chưa đúng; chưa đồng ý; chưa được; chưa muốn; chưa cần; chưa xong; chưa đâu; chưa phải; thôi; thôi khỏi; khỏi; khỏi cần; đừng; đừng làm; đừng lưu; đừng gửi
		sai; sai rồi; sai bét; nhầm; nhầm rồi; từ chối; miễn; thôi không; không thích; không cho; không cho lưu; không lưu; không làm; không gửi; không nhận; không đi; không đi được; không thôi; chẳng; chả; có đâu; đâu có; 👎; ❌`)
	openWords = phrases(`có không; được không; đúng không; phải không; không biết; không rõ; không chắc; không hiểu; không nhớ; không sao; chưa biết; chưa rõ; chưa chắc; chưa hiểu; chưa nghĩ
		có hay không; có thể; có lẽ; chắc là; hay không; hay chưa; thôi được; để; hỏi; sao; đợi; chờ; khoan; tùy; cũng được; nhưng; nếu; hay là; bao giờ; bao nhiêu; thế nào; là gì; gì; ở đâu; tại sao; nghĩ đã; tính đã; mai; sau`)
	// politeness around an answer
	courtesy = phrases(`dạ; ạ; a; à; á; em; anh; chị; cô; chú; bác; cháu; tôi; mình; thì; là; mà; nhé; nha; nhe; nhá; nhỉ; ơi; cán bộ; rồi; nữa; luôn; đấy; đó; vậy; thế; thưa; e; đâu; đi; hết; cả; xin; cảm ơn; ad; bạn; nhà em; nhà tôi; nhà mình; hihi; hehe; haha`)
)

// YesNo reads the answer to a yes-or-no question. It is Unclear unless all that
// was said points one way.
func YesNo(s string) Answer {
	s = emojiWords.Replace(s)
	ws := read(s)
	yes, no, other := false, false, 0
	for i := 0; i < len(ws); {
		y, n, o, c := longest(yesWords, ws[i:]), longest(noWords, ws[i:]), longest(openWords, ws[i:]), longest(courtesy, ws[i:])
		switch {
		case o > 0 && o >= y && o >= n:
			return Unclear
		case c > 0 && c >= y && c >= n && (y == 0 || yes || no):
			i += c
		case n > y || n > 0 && n == y && ws[i].drawn:
			no = true
			i += n
		case y > 0:
			yes = true
			i += y
		default:
			if !yes && !no { // "tôi gửi sau": it did not begin with an answer
				return Unclear
			}
			other++
			i++
		}
	}
	switch {
	case other > 4 || yes && no:
		return Unclear
	case yes:
		return Yes
	case no:
		return No
	}
	for _, w := range ws { // nothing but politeness: "dạ" alone is a yes
		if w.bare == "da" {
			return Yes
		}
	}
	return Unclear
}
