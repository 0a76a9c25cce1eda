#pragma once
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* One helper for each thing that Swift cannot name: macros with casts, shared globals, variadic
   functions. */

/* From <term.h>, which defines macros such as `lines` and `columns`. */
extern int setupterm(const char *term, int descriptor, int *result);
extern int putp(const char *string);

/* Whether the database knows the terminal named by TERM and its cursor can be put anywhere. Writes
   nothing. */
static inline bool curses_knows_terminal(int output) {
  int result = 0;
  if (setupterm(NULL, output, &result) != OK) return false;
  const char *address = tigetstr("cup");
  return address && address != (const char *)-1;
}

/* Whether the terminal has a second screen. After curses_knows_terminal. */
static inline bool curses_has_alternate_screen(void) {
  const char *enter = tigetstr("smcup");
  return enter && enter != (const char *)-1 && *enter;
}

/* Characters are UTF-8 even where the locale does not say so. False where no such locale exists. */
static inline bool curses_use_utf8(void) {
  setlocale(LC_CTYPE, "");
  if (!strcmp(nl_langinfo(CODESET), "UTF-8")) return true;
  return setlocale(LC_CTYPE, "C.UTF-8") && !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* Starts the screen: keys arrive one by one and unchanged, Ctrl+S and Ctrl+C too. */
static inline SCREEN *curses_start(bool uses_color) {
  use_env(true);
  use_tioctl(true);
  SCREEN *screen = newterm(NULL, stdout, stdin);
  if (!screen) return NULL;
  typeahead(-1); /* a frame is drawn whole, even when a key waits */
  raw();
  noecho();
  nonl();
  leaveok(stdscr, FALSE);
  scrollok(stdscr, FALSE);
  idlok(stdscr, FALSE);
  if (uses_color && has_colors()) {
    start_color();
    use_default_colors();
  }
  return screen;
}

/* COLORS and COLOR_PAIRS are shared globals; 0 without colour. */
static inline int curses_color_count(void) { return COLORS; }
static inline int curses_pair_limit(void) { return COLOR_PAIRS; }

/* Attributes are macros with casts. */
static inline unsigned curses_bold(void) { return (unsigned)WA_BOLD; }
static inline unsigned curses_dim(void) { return (unsigned)WA_DIM; }
static inline unsigned curses_italic(void) { return (unsigned)WA_ITALIC; }
static inline unsigned curses_underline(void) { return (unsigned)WA_UNDERLINE; }
static inline unsigned curses_reverse(void) { return (unsigned)WA_REVERSE; }

/* The columns of a character; -1 where it has no place on a screen, or cannot be written here. */
static inline int curses_width(wchar_t character) {
  char bytes[16];
  mbstate_t state = {0};
  return wcrtomb(bytes, character, &state) == (size_t)-1 ? -1 : wcwidth(character);
}

/* Puts a base and what combines with it, ending in 0, into a cell; pairs beyond 255 too. */
static inline void curses_put(
    int row, int column, const wchar_t *characters, unsigned attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, characters, attributes, 0, &pair) != OK) return;
  wmove(stdscr, row, column);
  wadd_wch(stdscr, &cell); /* in the last corner it fails to move on, which is what we want */
}

/* Puts printable ASCII of one look into neighbouring cells of a row, on which nothing wide begins. */
static inline void curses_put_plain(
    int row, int column, const unsigned char *text, int count, unsigned attributes, int pair) {
  cchar_t cells[256];
  cchar_t cell;
  if (setcchar(&cell, L" ", attributes, 0, &pair) != OK) return;
  while (count > 0) {
    int part = count < 256 ? count : 256;
    for (int i = 0; i < part; i++) {
      cells[i] = cell;
      cells[i].chars[0] = text[i];
    }
    mvwadd_wchnstr(stdscr, row, column, cells, part);
    text += part;
    column += part;
    count -= part;
  }
}

static inline void curses_cursor(int row, int column) { wmove(stdscr, row, column); }

/* Sends what has changed. */
static inline void curses_update(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

/* Nothing is known of the screen any more: the next update writes every cell. */
static inline void curses_forget_screen(bool clears) {
  clearok(curscr, clears);
  redrawwin(stdscr);
}

/* Takes over another size. The terminal has moved its text about: every cell is written again, and
   the screen is not cleared, which would flicker. */
static inline void curses_resize(int rows, int columns) {
  if (rows != getmaxy(stdscr) || columns != getmaxx(stdscr)) resizeterm(rows, columns);
  curses_forget_screen(false);
}

/* The terminal's size now; false where it does not say. */
static inline bool curses_terminal_size(int *rows, int *columns) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_row || !size.ws_col) return false;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return true;
}

static inline int curses_rows(void) { return getmaxy(stdscr); }
static inline int curses_columns(void) { return getmaxx(stdscr); }

/* Goes back to the normal screen, which newterm has left, and has it never left again: ncurses has no
   call for that, so the two strings in its table are made empty. After the first update. */
static inline void curses_use_normal_screen(void) {
  char *enter = tigetstr("smcup"), *leave = tigetstr("rmcup");
  if (!enter || enter == (char *)-1 || !leave || leave == (char *)-1) return;
  putp(leave);
  fflush(stdout);
  *enter = *leave = 0;
  clearok(curscr, TRUE);
  redrawwin(stdscr);
}
