package app

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"sync"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys/questionnaire"
)

//go:embed templates
var templateFiles embed.FS

// views holds the parsed templates, one set for each page: the shell of its
// family (respond, staff), the parts of the family, and the page itself.
//
//	templates/<family>/shell.html        the document around every page
//	templates/<family>/parts/*.html      what pages share, by {{define}}
//	templates/<family>/pages/<page>.html {{define "main"}}
//
// All are read at the start, so that a broken one is found then, and thrown away: a
// set is made again when its page is first shown, and kept. Dozens of copies of the
// shared parts took 19 MB that most instances never needed.
type views struct {
	sets map[string]func() (*template.Template, error) // by "family/page"
}

func parseViews(l *locales) (*views, error) {
	v := &views{sets: map[string]func() (*template.Template, error){}}
	families, err := fs.ReadDir(templateFiles, "templates")
	if err != nil {
		return nil, fmt.Errorf("reading templates: %w", err)
	}
	for _, family := range families {
		if err := v.parseFamily(family.Name(), l); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (v *views) parseFamily(family string, l *locales) error {
	root := path.Join("templates", family)
	shell, err := template.New("shell.html").Funcs(functions(l)).ParseFS(templateFiles, root+"/shell.html")
	if err != nil {
		return fmt.Errorf("parsing the shell of %s: %w", family, err)
	}
	if parts, _ := fs.Glob(templateFiles, root+"/parts/*.html"); len(parts) > 0 {
		if shell, err = shell.ParseFS(templateFiles, parts...); err != nil {
			return fmt.Errorf("parsing the parts of %s: %w", family, err)
		}
	}
	pages, err := fs.Glob(templateFiles, root+"/pages/*.html")
	if err != nil {
		return err
	}
	for _, page := range pages {
		if _, err := pageSet(shell, page); err != nil {
			return err
		}
		name := path.Base(page)
		v.sets[family+"/"+name[:len(name)-len(".html")]] = sync.OnceValues(func() (*template.Template, error) { return pageSet(shell, page) })
	}
	return nil
}

// pageSet is the shell and the parts of a family with one page.
func pageSet(shell *template.Template, page string) (*template.Template, error) {
	set, err := shell.Clone()
	if err == nil {
		set, err = set.ParseFS(templateFiles, page)
	}
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", page, err)
	}
	return set, nil
}

// set is the set of a page.
func (v *views) set(name string) (*template.Template, error) {
	read, ok := v.sets[name]
	if !ok {
		return nil, fmt.Errorf("no view %q", name)
	}
	return read()
}

// functions are what templates may call besides html/template's own.
func functions(l *locales) template.FuncMap {
	return template.FuncMap{
		"say":          l.say, // {{say .Lang "key" args…}}
		"dir":          direction,
		"languageName": languageName,
		"lowerFirst":   lowerFirst,
		"thousands":    thousands,
		"pair":         pair, // {{template "line" (pair $ .)}}: two things for one part
		"tallness":     tallness,
		"colon":        questionnaire.Colon, // {{say .Lang "respond.receipt"}}{{colon .Lang}}
		"ownWords":     l.ownWords,          // {{ownWords "bn"}}: how far the product's own sentences are there, for staff
		"inline":       inline,              // {{inline "respond.css"}}: a static file inside the page, allowed by its hash
	}
}

// execute renders a page into memory, so that a failure is an error page and
// never half a page.
func (v *views) execute(name string, data any) ([]byte, error) {
	set, err := v.set(name)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := set.Execute(&page, data); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", name, err)
	}
	return page.Bytes(), nil
}

// render answers with a page, compressed as the browser likes it.
func (s *Server) render(c *fiber.Ctx, status int, name string, data any) error {
	page, err := s.views.execute(name, data)
	if err != nil {
		return err
	}
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return sendEncoded(c, page)
}
