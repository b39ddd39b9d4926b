// SPDX-License-Identifier: GPL-2.0-only
#include "tui.h"

#include <curses.h>
#include <langinfo.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <term.h>
#include <termios.h>
#include <wchar.h>

/* After a shell's pipe: long enough for a sequence, too short to be noticed after Esc. */
#define ESCAPE_MS 25

struct tui {
	SCREEN *screen;
	struct frame drawn;	/* what the terminal shows */
	bool valid;		/* it does */
	attr_t attrs[STYLE_NR];
	short pairs[STYLE_NR];
	int guard;		/* closing this without a word makes the guard restore */
	pid_t guard_pid;
};

/*
 * A style's colours: in 256 colours, in 8, and what stands for them without any. Where the background
 * is the terminal's own, a colour has to be read on white as well as on black (a contrast of 3 or more).
 */
static const struct look {
	short fg256;
	short bg256;
	short fg8;
	short bg8;
	bool bold;
	attr_t mono;
} style_looks[] = {
	[STYLE_NORMAL] = { -1, -1, -1, -1, false, A_NORMAL },
	[STYLE_DIM] = { 244, -1, -1, -1, false, A_NORMAL },
	[STYLE_BRIGHT] = { -1, -1, -1, -1, true, A_BOLD },
	[STYLE_BAR] = { 255, 24, COLOR_WHITE, COLOR_BLUE, true, A_REVERSE },
	[STYLE_HEAD] = { 16, 71, COLOR_BLACK, COLOR_GREEN, false, A_REVERSE },
	[STYLE_SORTED] = { 16, 80, COLOR_BLACK, COLOR_CYAN, false, A_REVERSE | A_BOLD },
	[STYLE_KEY] = { -1, -1, -1, -1, true, A_BOLD },
	[STYLE_BUTTON] = { 16, 80, COLOR_BLACK, COLOR_CYAN, false, A_REVERSE },
	[STYLE_LOADED] = { 28, -1, COLOR_GREEN, -1, false, A_BOLD },
	[STYLE_MERGED] = { 32, -1, COLOR_BLUE, -1, false, A_NORMAL },
	[STYLE_EXISTS] = { 130, -1, COLOR_MAGENTA, -1, false, A_NORMAL },
	[STYLE_BUSY] = { 163, -1, COLOR_MAGENTA, -1, true, A_BOLD },
	[STYLE_FAILED] = { 160, -1, COLOR_RED, -1, true, A_BOLD },
	[STYLE_AUTOLOAD] = { 97, -1, COLOR_BLUE, -1, true, A_NORMAL },
	[STYLE_OPEN] = { 16, 221, COLOR_BLACK, COLOR_YELLOW, false, A_REVERSE },
	[STYLE_WARN] = { 166, -1, COLOR_RED, -1, true, A_BOLD },
	[STYLE_ERROR] = { 231, 160, COLOR_WHITE, COLOR_RED, true, A_REVERSE | A_BOLD },
	[STYLE_SELECTED] = { 16, 153, COLOR_BLACK, COLOR_CYAN, false, A_REVERSE },
};

/**
 * tui_is_utf8 - whether the locale has more than ASCII
 *
 * Return: true in a UTF-8 locale.
 */
bool tui_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static bool wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR");

	return !(no_color && *no_color) && has_colors();
}

static void init_styles(struct tui *t)
{
	bool colour = wants_colour();
	int i;

	if (colour) {
		start_color();
		use_default_colors();
	}
	for (i = 0; i < STYLE_NR; i++) {
		const struct look *l = &style_looks[i];
		bool many = COLORS >= 256;

		t->attrs[i] = l->mono;
		if (!colour || i + 1 >= COLOR_PAIRS)
			continue;
		init_pair(i + 1, many ? l->fg256 : l->fg8, many ? l->bg256 : l->bg8);
		t->pairs[i] = i + 1;
		t->attrs[i] = l->bold ? A_BOLD : A_NORMAL;
	}
}

static size_t add_string(char *to, size_t size, size_t at, const char *capability)
{
	const char *s = tigetstr(capability);
	size_t len;

	if (!s || s == (char *)-1)
		return at;
	/* Without padding: $<5> is for terminals of another age. */
	len = strcspn(s, "$");
	if (at + len >= size)
		return at;
	memcpy(to + at, s, len);
	return at + len;
}

/*
 * A process that waits for us to be gone. Curses can't be asked for anything once we crashed or
 * were killed; what it would have done is known beforehand.
 */
static void guard_run(int fd, const struct termios *was, const char *restore, size_t len)
{
	static const char no_mouse[] = "\033[?1000l\033[?1002l\033[?1006l";
	sigset_t all;
	char c;
	ssize_t n;

	/* In the background a terminal's setting would stop us. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	do {
		n = read(fd, &c, 1);
	} while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(0);
	n = write(STDOUT_FILENO, no_mouse, sizeof(no_mouse) - 1);
	n = write(STDOUT_FILENO, restore, len);
	tcsetattr(STDIN_FILENO, TCSANOW, was);
	_exit(n < 0);
}

static void guard_start(struct tui *t, const struct termios *was)
{
	char restore[512];
	size_t len = 0;
	int fds[2];

	len = add_string(restore, sizeof(restore), len, "sgr0");
	len = add_string(restore, sizeof(restore), len, "rmkx");
	len = add_string(restore, sizeof(restore), len, "rmcup");
	len = add_string(restore, sizeof(restore), len, "cnorm");
	if (pipe(fds))
		return;
	t->guard_pid = fork();
	if (!t->guard_pid) {
		if (fds[0] != 3)
			dup2(fds[0], 3);
		close_range(4, ~0U, 0);
		guard_run(3, was, restore, len);
	}
	close(fds[0]);
	if (t->guard_pid < 0)
		close(fds[1]);
	else
		t->guard = fds[1];
}

static void guard_stop(struct tui *t)
{
	ssize_t n;

	if (t->guard < 0)
		return;
	n = write(t->guard, "", 1);
	(void)n;
	close(t->guard);
	t->guard = -1;
	waitpid(t->guard_pid, NULL, 0);
}

static void enter(void)
{
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	curs_set(0);
	mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
}

/**
 * tui_open - take the terminal
 * @t: for tui_close()
 * @err: says what is wrong
 *
 * Return: 0 or -errno, with the terminal as it was.
 */
int tui_open(struct tui **t, struct err *err)
{
	const char *term = getenv("TERM");
	struct termios was;
	struct tui *new;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &was))
		return err_set(err, -ENOTTY,
			       "the screens need a terminal; --batch N prints them without one");
	new = calloc(1, sizeof(*new));
	if (!new)
		return err_set(err, -ENOMEM, "out of memory");
	new->guard = -1;
	new->screen = newterm(NULL, stdout, stdin);
	if (!new->screen) {
		free(new);
		return err_set(err, -ENOTTY, "TERM=%s: unknown terminal; --batch N needs none",
			       term ? term : "");
	}
	if (!cursor_address) {
		endwin();
		delscreen(new->screen);
		tcsetattr(STDIN_FILENO, TCSANOW, &was);
		free(new);
		return err_set(err, -ENOTTY,
			       "TERM=%s: this terminal can't move its cursor; --batch N needs none",
			       term ? term : "");
	}
	/* curses' own setting of it goes first: a slow line may need longer. */
	if (!getenv("ESCDELAY"))
		set_escdelay(ESCAPE_MS);
	guard_start(new, &was);
	enter();
	init_styles(new);
	*t = new;
	return 0;
}

/**
 * tui_close - give the terminal back
 * @t: the terminal, or NULL
 */
void tui_close(struct tui *t)
{
	if (!t)
		return;
	/* Where there is no second screen to leave, the prompt comes into a line of its own. */
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
	endwin();
	delscreen(t->screen);
	guard_stop(t);
	frame_free(&t->drawn);
	free(t);
}

/**
 * tui_suspend - give the terminal back for a while
 * @t: the terminal
 */
void tui_suspend(struct tui *t)
{
	t->valid = false;
	endwin();
}

/**
 * tui_resume - take it again, or after somebody else has used it
 * @t: the terminal
 */
void tui_resume(struct tui *t)
{
	t->valid = false;
	reset_prog_mode();
	enter();
	clearok(stdscr, TRUE);
	refresh();
}

/**
 * tui_resize - learn how large the terminal is now
 * @t: the terminal
 * @width: columns
 * @height: lines
 */
void tui_resize(struct tui *t, int *width, int *height)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col && size.ws_row &&
	    (size.ws_col != COLS || size.ws_row != LINES)) {
		resizeterm(size.ws_row, size.ws_col);
		t->valid = false;
	}
	*width = COLS;
	*height = LINES;
}

static void put_cell(const struct tui *t, int y, int x, const struct screen_cell *c)
{
	const wchar_t text[3] = { (wchar_t)c->ch, (wchar_t)c->mark };
	/* A chosen row is of one colour. */
	const enum style style = c->selected ? STYLE_SELECTED : (enum style)c->style;
	cchar_t cell;

	if (!c->ch)
		return;		/* the wide one before it covers it */
	if (!setcchar(&cell, text, t->attrs[style], t->pairs[style], NULL))
		mvadd_wch(y, x, &cell);
}

static bool same_cell(const struct screen_cell *a, const struct screen_cell *b)
{
	return a->ch == b->ch && a->mark == b->mark && a->style == b->style &&
	       a->selected == b->selected;
}

/* A wide character and what covers it are drawn together. */
static bool needs_drawing(const struct screen_cell *new, const struct screen_cell *old, int x,
			  int width)
{
	if (!same_cell(&new[x], &old[x]))
		return true;
	if (x + 1 < width && !same_cell(&new[x + 1], &old[x + 1]) &&
	    (!new[x + 1].ch || !old[x + 1].ch))
		return true;
	return x && !old[x - 1].mark && !same_cell(&new[x - 1], &old[x - 1]) && !old[x].ch;
}

/**
 * tui_draw - show a frame: what differs from the one before
 * @t: the terminal
 * @f: the frame
 * @anew: all of it, whatever the terminal shows
 */
void tui_draw(struct tui *t, const struct frame *f, bool anew)
{
	size_t nr = (size_t)f->width * f->height;
	int y, x;

	if (anew || f->width != t->drawn.width || f->height != t->drawn.height)
		t->valid = false;
	if (!t->valid) {
		if (frame_begin(&t->drawn, f->width, f->height))
			return;
		erase();
		clearok(stdscr, TRUE);
	}
	for (y = 0; y < f->height; y++) {
		const struct screen_cell *new = f->cells + (size_t)y * f->width;
		const struct screen_cell *old = t->drawn.cells + (size_t)y * f->width;

		for (x = 0; x < f->width; x++)
			if (!t->valid || needs_drawing(new, old, x, f->width))
				put_cell(t, y, x, &new[x]);
	}
	memcpy(t->drawn.cells, f->cells, nr * sizeof(*f->cells));
	t->valid = true;
	refresh();
}

static u32 translate(wint_t c)
{
	switch (c) {
	case KEY_UP:
		return TKEY_UP;
	case KEY_DOWN:
		return TKEY_DOWN;
	case KEY_LEFT:
		return TKEY_LEFT;
	case KEY_RIGHT:
		return TKEY_RIGHT;
	case KEY_PPAGE:
		return TKEY_PAGE_UP;
	case KEY_NPAGE:
		return TKEY_PAGE_DOWN;
	case KEY_HOME:
	case KEY_FIND:
		return TKEY_HOME;
	case KEY_END:
	case KEY_SELECT:
		return TKEY_END;
	case KEY_BACKSPACE:
		return TKEY_BACKSPACE;
	case KEY_DC:
		return TKEY_DELETE;
	case KEY_ENTER:
		return TKEY_ENTER;
	default:
		return c >= KEY_F0 && c <= KEY_F(12) ? TKEY_F(c - KEY_F0) : KEY_BASE;
	}
}

static bool read_mouse(struct tui_input *in)
{
	MEVENT m;

	if (getmouse(&m) != OK)
		return false;
	*in = (struct tui_input){ .y = m.y, .x = m.x };
	if (m.bstate & BUTTON4_PRESSED)
		in->wheel = -1;
	else if (m.bstate & BUTTON5_PRESSED)
		in->wheel = 1;
	return true;
}

/* Whether Esc was the key, and not the first byte of a sequence that curses doesn't know. */
static bool is_escape_key(void)
{
	wint_t c;
	int n = 0, ret = get_wch(&c);

	if (ret == ERR)
		return true;
	if (ret == KEY_CODE_YES || (c != '[' && c != 'O')) {
		/* The next key came as quickly. */
		if (ret == KEY_CODE_YES)
			ungetch(c);
		else
			unget_wch(c);
		return true;
	}
	/* CSI and SS3: until a letter or ~. */
	while (n++ < 32 && get_wch(&c) == OK && (c < 0x40 || c > 0x7e))
		;
	return false;
}

/**
 * tui_read - what the user did, without waiting
 * @t: the terminal
 * @in: it
 *
 * Return: whether there was something.
 */
bool tui_read(struct tui *t, struct tui_input *in)
{
	wint_t c;
	int ret;

	(void)t;
	while ((ret = get_wch(&c)) != ERR) {
		if (ret == KEY_CODE_YES && c == KEY_MOUSE) {
			if (read_mouse(in))
				return true;
			continue;
		}
		if (ret == OK && c == TKEY_ESC && !is_escape_key())
			continue;
		*in = (struct tui_input){ .key = ret == KEY_CODE_YES ? translate(c) : c };
		return true;
	}
	return false;
}
