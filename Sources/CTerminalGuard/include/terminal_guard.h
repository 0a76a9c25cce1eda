#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Gives the terminal back, whatever happens. In C, because Swift code must not run in a signal
   handler. One terminal per process; call from the main thread unless said otherwise. */

/* Remembers how the terminal is set and takes the signals: those of a crash give the terminal back,
   say so in a line, and end the process at once; where HOPE_BACKTRACE is set they do what they did
   before instead of the line, which for Swift's reporter takes seconds. Those that ask for the end,
   stop or size of the program arrive as bytes at terminal_guard_descriptor(). To be called before
   curses starts: it takes over only what nobody has taken. False, with errno, where `input` is no terminal or there is no pipe. */
bool terminal_guard_open(int input, int output);

/* From here on the screen is the program's. What is written to the standard error is kept aside
   until the terminal is given back. `alternate`: whether it will be the alternate screen, which only
   then must be left. */
void terminal_guard_arm(bool alternate);

/* Gives the terminal back: modes off, cursor shown, settings as before, then what was written to the
   standard error. A second call does nothing. Also runs at exit. */
void terminal_guard_disarm(void);

/* Gives the calling thread a stack for its crash handlers, so that running out of its own stack can
   be survived long enough. Once per thread; later calls do nothing. */
void terminal_guard_protect_thread(void);

/* Where bytes arrive: to be waited on with poll. */
int terminal_guard_descriptor(void);

/* The next byte: the number of a signal, 0 for a wake-up, -1 when there is none. */
int terminal_guard_take(void);

/* Wakes whoever waits on the descriptor. Any thread. */
void terminal_guard_wake(void);

/* Ends the process with `code` after `milliseconds`, unless it has ended by then; the terminal is
   given back first. A signal that asks for the end does the same by itself. */
void terminal_guard_last_resort(int code, int milliseconds);

/* Stops the program as Ctrl+Z does and returns when it goes on; at once where nobody could continue
   it. The screen must have been given back. */
void terminal_guard_stop(void);

/* While another program has the terminal: it stops and is interrupted like any other, and this one
   waits. With false, back to before. */
void terminal_guard_lend(bool lends);

/* Writes all bytes, waiting for a slow terminal at most that long. */
bool terminal_guard_write(const char *bytes, size_t count, int milliseconds);

/* What a crash writes, for tests. */
const char *terminal_guard_restore_string(bool alternate);
