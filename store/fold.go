package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold writes a name as it is compared: small letters, single spaces, each
// word's tone mark at its end, because it is typed in two places (Hoà, Hòa).
func fold(name string) string {
	words := strings.Fields(strings.ToLower(norm.NFD.String(name)))
	for i, w := range words {
		var letters, tone strings.Builder
		for _, r := range w {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) { // huyền, sắc, ngã, hỏi, nặng
				tone.WriteRune(r)
			} else {
				letters.WriteRune(r)
			}
		}
		words[i] = letters.String() + tone.String()
	}
	return strings.Join(words, " ")
}

// bare takes all marks off a folded name: "gao seng cu".
func bare(folded string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		}
		return r
	}, folded)
}

// sameName tells whether two names mean the same product. Names with marks
// differ by them (mứt dừa, mứt dứa); a name typed without marks is the same as
// any it could stand for.
func sameName(a, b string) bool {
	a, b = fold(a), fold(b)
	if a == b {
		return true
	}
	bareA, bareB := bare(a), bare(b)
	return bareA == bareB && (a == bareA || b == bareB)
}
