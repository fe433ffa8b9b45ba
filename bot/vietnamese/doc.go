// Package vietnamese reads what Vietnamese people type: with and without marks,
// in shorthand, with the slips of an input method left in, as dictated. It knows
// the language and nothing of what the bot is for.
//
// Every reader is simple and honest: what it is not sure of it says, so that the
// person is asked. Words are compared as [Fold] leaves them; where marks tell two
// words apart, a word may have lost its marks but must not have others (fold.go).
// The rules are lists of words in data/*.txt (words.txt explains their form); the
// places are in data/communes.csv.gz.
package vietnamese

// Reading is how sure a reader is.
type Reading int

// What a reader says about what it read.
const (
	NotUnderstood Reading = iota // nothing usable: ask again
	Understood                   // take it
	Uncertain                    // likely or one of several: ask which
)

// String is the reading's name.
func (r Reading) String() string {
	switch r {
	case Understood:
		return "understood"
	case Uncertain:
		return "uncertain"
	}
	return "not understood"
}
