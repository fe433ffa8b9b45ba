package vietnamese

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// wishes are the rules of the flows.
func wishes(t testing.TB) *Matcher {
	t.Helper()
	m, err := flowWishes()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var flowWishes = sync.OnceValues(func() (*Matcher, error) {
	rules, err := os.ReadFile(filepath.Join("..", "..", "flows", "wishes.txt"))
	if err != nil {
		return nil, err
	}
	return NewMatcher(string(rules))
})

// sampleProducts are the names of the sample's products.
func sampleProducts(t testing.TB) []string {
	t.Helper()
	names, err := sampleNames()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

var sampleNames = sync.OnceValues(func() ([]string, error) {
	f, err := os.Open(filepath.Join("..", "..", "store", "sample", "products.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	var names []string
	for _, row := range rows[1:] {
		names = append(names, row[0])
	}
	return names, err
})
