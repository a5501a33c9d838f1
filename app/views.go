package app

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"

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
type views struct {
	sets map[string]*template.Template // by "family/page"
}

func parseViews(l *locales) (*views, error) {
	v := &views{sets: map[string]*template.Template{}}
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
		set, err := template.Must(shell.Clone()).ParseFS(templateFiles, page)
		if err != nil {
			return fmt.Errorf("parsing %s: %w", page, err)
		}
		name := path.Base(page)
		v.sets[family+"/"+name[:len(name)-len(".html")]] = set
	}
	return nil
}

// functions are what templates may call besides html/template's own.
func functions(l *locales) template.FuncMap {
	return template.FuncMap{
		"say":          l.say, // {{say .Lang "key" args…}}
		"dir":          direction,
		"languageName": languageName,
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
	set, ok := v.sets[name]
	if !ok {
		return nil, fmt.Errorf("no view %q", name)
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
