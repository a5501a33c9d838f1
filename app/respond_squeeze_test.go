package app

import "testing"

func TestSqueeze(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"respond.js", "var a = 1, b;\nif (a == b) return 'x = \\' y';\n", "var a=1,b;if(a==b)return'x = \\' y';"},
		{"respond.js", "f = function () {\n}\n(g)\n", "f=function(){}\n(g)"},
		{"respond.js", "a = b + +c - -d;\ne\n++f\n", "a=b+ +c- -d;e\n++f"},
		{"respond.js", "f(a,\nb\n);\n", "f(a,b);"},
		{"respond.css", ".a .b{color:red;\nmargin:0 1px}\n.c > i{}\n", ".a .b{color:red;margin:0 1px}.c > i{}"},
	}
	for _, tt := range tests {
		if got := squeeze(tt.name, tt.text); got != tt.want {
			t.Errorf("squeeze(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
