package flows_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lensan/bot/bottest"
)

// TestOfficersTalks: every talk of officers, opened in every way a button could, by
// everybody who is no officer there, tells nothing of what is there and changes
// nothing. What is there is called "Bí Mật".
func TestOfficersTalks(t *testing.T) {
	const there = `! as sua@zalo
! role officer 02839 Bí Mật Sua
! as pao@zalo
! role helper 02839 Bí Mật Páo
! cooperative 02839 HTX Bí Mật: Nhãn Bí Mật
! cooperative 02839 Hợp tác xã Bí Mật: Long nhãn Bí Mật
! cooperative 02839 HTX Hai Bí Mật: Mật ong Bí Mật
! as sua@zalo
> gộp cơ sở trùng
> CT-000001
> CT-000002
> có
! as hoi@web
> gặp cán bộ
> Bí Mật muốn hỏi
> bắc hà
> 0912 000 009
= roles
= products
= requests
`
	others := map[string]string{
		"nobody":            "! as ai@web\n",
		"household":         "! as may@web\n! known\n",
		"helper elsewhere":  "! as giup@web\n! role helper 02761 Người Khác\n",
		"officer elsewhere": "! as xa@web\n! role officer 02761 Người Khác\n",
		"helper there":      "! as day@web\n! role helper 02839 Người Khác\n",
	}
	wishes := []string{"wclaims.", "wcalls.", "wrequests.", "wteam.", "wundo.", "wmerge.", "winvite.", "winvite.manager", "winvite.officer", "wlist.", "wlist_look.1"}
	for id := 1; id <= 3; id++ {
		for _, form := range []string{"wdecide.%d.yes", "wcalls.%d", "wasked.%d", "wdecided.accepted.%[1]d.%[1]d", "wrole_ended.%d",
			"wrequests.%d", "wrequest_told.%d", "wrequest_back.%d", "wanswered.%d"} {
			wishes = append(wishes, fmt.Sprintf(form, id))
		}
	}
	for who, as := range others {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			script := there + as
			for _, w := range wishes {
				script += "> (nút: " + w + ")\n> 1\n> CT-000001\n> dừng\n"
			}
			script += "= roles\n= products\n= requests\n"
			file := filepath.Join(t.TempDir(), "rights.txt")
			if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			lines := bottest.Replay(t, file, world(t))
			looks := parts(lines, "=")
			if n := len(looks); n != 6 || len(looks[2]) != 1 || !slices.Contains(looks[0], "Bí Mật Sua | officer | 02839") {
				t.Fatalf("%q", looks)
			}
			for _, row := range slices.Concat(looks[0], looks[1], looks[2]) {
				if strings.Contains(row, "Bí Mật") && !slices.Contains(slices.Concat(looks[3], looks[4], looks[5]), row) {
					t.Errorf("changed: %s", row)
				}
			}
			tells := lines[slices.Index(lines, strings.Split(as, "\n")[0]):]
			for i, l := range tells[:slices.Index(tells, "= roles")] {
				if strings.Contains(l, "Bí Mật") {
					t.Errorf("told: %s", strings.Join(tells[max(0, i-12):i+1], "\n"))
				}
			}
		})
	}
}

// parts are the blocks of lines behind each line that begins so.
func parts(lines []string, with string) (all [][]string) {
	in := false
	for _, l := range lines {
		switch {
		case strings.HasPrefix(l, with):
			all, in = append(all, nil), true
		case l == "" || strings.HasPrefix(l, ">") || strings.HasPrefix(l, "!"):
			in = false
		case in:
			all[len(all)-1] = append(all[len(all)-1], l)
		}
	}
	return all
}
