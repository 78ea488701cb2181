package speech

import (
	"testing"
	"time"
)

func TestSpokenForm(t *testing.T) {
	for text, want := range map[string]string{
		"no digits":                  "no digits",
		"press 1":                    "press one",
		"0":                          "zero",
		"007":                        "zero zero seven",
		"room 42, please":            "room forty two, please",
		"42.10":                      "forty two point one zero",
		"$42.10":                     "forty two dollars and ten cents",
		"€ 1,200":                    "one thousand two hundred euros",
		"12 €":                       "twelve euros",
		"£0.05":                      "zero pounds and five pence",
		"5%":                         "five percent",
		"the 3rd of 115":             "the threeth of one hundred fifteen",
		"1,234,567":                  "one million two hundred thirty four thousand five hundred sixty seven",
		"12345678901234567890":       oneByOne("12345678901234567890"),
		"at 10:30":                   "at ten thirty",
		"2026-11-26":                 "November twenty sixth twenty twenty six",
		"26/11/1984":                 "November twenty sixth nineteen eighty four",
		"99/99/2000":                 "December ninety nineth two thousand",
		"9999-99-99":                 "December ninety nineth ninety nine ninety nine",
		"18446744073709551616 12345": oneByOne("18446744073709551616") + " twelve thousand three hundred forty five",
	} {
		if got := spokenForm(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestSayAs(t *testing.T) {
	for _, test := range []struct{ as, text, want string }{
		{"digits", "1-23", "one two three"},
		{"characters", "A7", "bee seven"},
		{"telephone", "+1 555-0100", "one, five five five, zero one zero zero"},
		{"ordinal", "21", "twenty oneth"},
		{"date", "11/26/2026", "November twenty sixth twenty twenty six"},
		{"date", "1126", "one thousand one hundred twenty six"},
		{"time", `1'21"`, "one minutes twenty one seconds"},
		{"fraction", "2/3", "two threeth"},
		{"cardinal", "12", ""}, // as without it
		{"", "12", ""},
	} {
		if got := sayAs(test.text, test.as); got != test.want {
			t.Errorf("%s of %q: got %q, want %q", test.as, test.text, got, test.want)
		}
	}
}

// TestScripts compares a sentence in several scripts with its English form: none is taken for as many English words as
// it has spaces, and none for a letter a sign.
func TestScripts(t *testing.T) {
	rate := DefaultRange().Middle()
	english := rate.Text("Your request is being processed. Please wait a moment.")
	for language, text := range map[string]string{
		"Mandarin":           "您的请求正在处理中，请稍候片刻。",
		"Japanese":           "ただいま処理しております。少々お待ちください。",
		"Korean":             "요청을 처리하고 있습니다. 잠시만 기다려 주세요.",
		"Arabic":             "تتم معالجة طلبك الآن. يرجى الانتظار لحظة.",
		"Hindi":              "आपके अनुरोध पर काम चल रहा है। कृपया एक क्षण प्रतीक्षा करें।",
		"Thai":               "กำลังดำเนินการตามคำขอของคุณ กรุณารอสักครู่",
		"Russian":            "Ваш запрос обрабатывается. Пожалуйста, подождите немного.",
		"Greek":              "Το αίτημά σας είναι σε εξέλιξη. Παρακαλώ περιμένετε.",
		"decomposed Spanish": "Su petición está en curso. Por favor, espere un momento.",
	} {
		got := rate.Text(text)
		if ratio := float64(got) / float64(english); ratio < 0.75 || ratio > 1.4 {
			t.Errorf("%s takes %v, English %v", language, got, english)
		}
	}
	if rate.Text("...") != 0 || rate.Text("。") != 0 {
		t.Error("punctuation alone takes time")
	}
	if with, without := rate.Text("请稍候。请稍候。"), rate.Text("请稍候请稍候"); with-without < 50*time.Millisecond {
		t.Errorf("%v with a full stop, %v without", with, without)
	}
}

func FuzzText(f *testing.F) {
	f.Add("$1,234.50 on 2026-11-26, 3rd at 10:30; 请稍候。")
	f.Fuzz(func(t *testing.T, text string) {
		bounds := DefaultRange()
		if fast, slow := bounds.Fast.Text(text), bounds.Slow.Text(text); fast < 0 || fast > slow {
			t.Errorf("%v to %v", fast, slow)
		}
	})
}
