package zalo

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// The platform writes some values as strings in one place and as numbers in
// another (section 16), and ids are too long for a float.

// text is a JSON string, or the text of any other value: of a number its digits.
// null is empty.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case bytes.Equal(b, []byte("null")):
		return nil
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	}
	*t = text(b)
	return nil
}

// number is a JSON number, or a string of its digits; anything else is not told.
type number struct {
	n    int64
	told bool
}

func (n *number) UnmarshalJSON(b []byte) error {
	i, err := strconv.ParseInt(string(bytes.Trim(b, `"`)), 10, 64)
	*n = number{i, err == nil}
	return nil
}

// encode writes what we send: as json.Marshal, with "<" as it is.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
