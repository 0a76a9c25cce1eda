#define _GNU_SOURCE
#include "terminal_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <termios.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* Ends a string or sequence that was cut off; then: synchronized output, mouse (all codings), focus,
   bracketed paste, cursor keys and keypad, character set, cursor, looks. */
#define MODES_OFF                                                                                  \
  "\033\\\033[?2026l\033[?1000l\033[?1001l\033[?1002l\033[?1003l\033[?1004l\033[?1005l\033[?1006l" \
  "\033[?2004l\033[?1l\033>\033(B\017\033[?25h\033[0m"
#define LEAVE_ALTERNATE "\033[?1049l\033[?47l"
/* Below the last line where there is no other screen to go back to. */
#define LEAVE_NORMAL "\033[999;1H\r\n"

static const char restore_alternate[] = MODES_OFF LEAVE_ALTERNATE;
static const char restore_normal[] = MODES_OFF LEAVE_NORMAL;

enum { SIGNALS = 65, PATIENCE_MS = 800, WRITE_MS = 200, SIGNAL_STACK = 128 << 10 };
static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
static const int requests[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
static const int notices[] = {SIGTSTP, SIGCONT, SIGWINCH};
#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

/* ours: the screen is the program's; restoring: one thread gives it back; given back. */
enum { FREE, OURS, RESTORING };
static _Atomic int holding = FREE;

static int input = -1, output = -1, pipe_ends[2] = {-1, -1};
static struct termios modes;
static bool is_alternate;
static int kept_error = -1, real_error = -1;
static struct sigaction before[SIGNALS];
static volatile sig_atomic_t last_code = 1;
static _Thread_local bool is_protected;
/* Whether a crash is reported by whoever would have, which takes seconds, before it ends the process. */
static bool is_reported;

/* ---- What may run in a handler ---- */

static long now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool write_within(int to, const char *bytes, size_t count, int milliseconds) {
  long end = now_ms() + milliseconds;
  int flags = fcntl(to, F_GETFL);
  fcntl(to, F_SETFL, flags | O_NONBLOCK);
  while (count > 0) {
    ssize_t done = write(to, bytes, count);
    if (done > 0) {
      bytes += done;
      count -= (size_t)done;
      continue;
    }
    if (done < 0 && errno != EAGAIN && errno != EINTR) break;
    long left = end - now_ms();
    struct pollfd wish = {to, POLLOUT, 0};
    if (left <= 0 || (poll(&wish, 1, (int)left) < 0 && errno != EINTR)) break;
  }
  if (flags >= 0) fcntl(to, F_SETFL, flags);
  return count == 0;
}

/* Text of unknown origin on its way to a terminal: control characters become question marks, also
   those of two bytes in UTF-8, C2 80 to C2 9F. */
static void filter(char *bytes, ssize_t count) {
  unsigned char last = 0;
  for (ssize_t i = 0; i < count; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    bool is_plain = byte >= 32 || byte == '\n' || byte == '\t';
    bool is_long = last == 0xC2 && byte >= 0x80 && byte < 0xA0;
    if (!is_plain || is_long || byte == 127) bytes[i] = '?';
    last = byte;
  }
}

/* The standard error is itself again; the last of what was kept aside is written to it. */
static void release_error(void) {
  enum { LAST = 8192 };
  if (real_error < 0) return;
  dup2(real_error, STDERR_FILENO);
  char bytes[1024];
  off_t size = lseek(kept_error, 0, SEEK_END), at = size > LAST ? size - LAST : 0;
  for (ssize_t count; (count = pread(kept_error, bytes, sizeof bytes, at)) > 0; at += count) {
    filter(bytes, count);
    if (!write_within(real_error, bytes, (size_t)count, WRITE_MS)) break;
  }
  close(real_error);
  close(kept_error);
  real_error = kept_error = -1;
}

static void give_back(void) {
  int expected = OURS;
  if (!atomic_compare_exchange_strong(&holding, &expected, RESTORING)) {
    /* Another thread is at it: it must not be cut off by this one's end. */
    long end = now_ms() + 2 * WRITE_MS;
    while (atomic_load(&holding) == RESTORING && now_ms() < end) poll(NULL, 0, 1);
    return;
  }
  const char *bytes = is_alternate ? restore_alternate : restore_normal;
  write_within(output, bytes, strlen(bytes), WRITE_MS);
  tcsetattr(input, TCSANOW, &modes);
  release_error();
  atomic_store(&holding, FREE);
}

/* What happened, in one line, for a person. */
static void say_why(int number) {
  static const char *const names[SIGNALS] = {
      [SIGSEGV] = "SIGSEGV", [SIGBUS] = "SIGBUS",   [SIGILL] = "SIGILL",
      [SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT", [SIGFPE] = "SIGFPE"};
  static const char before_name[] = "\nThe program crashed (";
  static const char after_name[] = ") and has ended. What was recorded is on disk; "
                                   "HOPE_BACKTRACE=1 has the next crash write a full report.\n";
  write_within(STDERR_FILENO, before_name, sizeof before_name - 1, WRITE_MS);
  write_within(STDERR_FILENO, names[number], strlen(names[number]), WRITE_MS);
  write_within(STDERR_FILENO, after_name, sizeof after_name - 1, WRITE_MS);
}

/* Whoever reports the crash finds no key to wait for. */
static void silence_input(void) {
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0) return;
  dup2(nothing, STDIN_FILENO);
  close(nothing);
}

/* What would have happened without us, with the signals blocked that would have been: Swift's reporter
   reads memory that may not be there, and must be able to catch it. It may only report, and leave the
   end to us. */
static void do_as_before(int number, siginfo_t *info, void *context) {
  struct sigaction *action = &before[number];
  sigset_t mask = ((ucontext_t *)context)->uc_sigmask;
  sigorset(&mask, &mask, &action->sa_mask);
  if (!(action->sa_flags & SA_NODEFER)) sigaddset(&mask, number);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  if (action->sa_flags & SA_SIGINFO)
    action->sa_sigaction(number, info, context);
  else if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN)
    action->sa_handler(number);
}

static void crash(int number, siginfo_t *info, void *context) {
  give_back();
  if (is_reported) {
    silence_input();
    do_as_before(number, info, context);
  } else {
    say_why(number);
  }
  signal(number, SIG_DFL);
  /* A fault happens again on return, and ends the process with its own address; what was sent, and a
     trap that has been stepped over, must be sent again. It waits until this handler returns. */
  if (info->si_code <= 0 || number == SIGTRAP) raise(number);
}

static void send_byte(int number) {
  int kept = errno;
  unsigned char byte = (unsigned char)number;
  if (write(pipe_ends[1], &byte, 1) < 0) { /* full: whoever reads it is about to wake up anyway */
  }
  errno = kept;
}

static void set_timer(int milliseconds) {
  struct itimerval timer = {{0, 0}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void request(int number) {
  last_code = 128 + number;
  set_timer(PATIENCE_MS);
  send_byte(number);
}

static void time_is_up(int number) {
  (void)number;
  give_back();
  _exit(last_code);
}

/* ---- What the program calls ---- */

static void take_signal(int number, void (*handler)(int)) {
  struct sigaction action = {0};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  /* A crash in a handler must still be one. */
  for (int i = 0; i < COUNT(crashes); i++) sigdelset(&action.sa_mask, crashes[i]);
  sigaction(number, &action, NULL);
}

static bool is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* HOPE_BACKTRACE: anything but nothing and 0. To be read before a crash: reading it then is not safe. */
static bool wants_report(void) {
  const char *wish = getenv("HOPE_BACKTRACE");
  return wish && *wish && strcmp(wish, "0") != 0;
}

static void take_signals(void) {
  sigset_t ours;
  is_reported = wants_report();
  sigemptyset(&ours);
  for (int i = 0; i < COUNT(crashes); i++) {
    struct sigaction action = {0};
    action.sa_sigaction = crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    sigaction(crashes[i], &action, &before[crashes[i]]);
    sigaddset(&ours, crashes[i]);
  }
  for (int i = 0; i < COUNT(requests); i++) {
    /* Whoever started the program may want it to go on. */
    if (!is_ignored(requests[i])) take_signal(requests[i], request);
    sigaddset(&ours, requests[i]);
  }
  for (int i = 0; i < COUNT(notices); i++) {
    take_signal(notices[i], send_byte);
    sigaddset(&ours, notices[i]);
  }
  take_signal(SIGALRM, time_is_up);
  sigaddset(&ours, SIGALRM);
  signal(SIGPIPE, SIG_IGN);
  /* Programs are started with signals blocked, by accident: many libraries' threads block them. */
  pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
}

bool terminal_guard_open(int new_input, int new_output) {
  if (tcgetattr(new_input, &modes) != 0) return false;
  input = new_input;
  output = new_output;
  if (pipe_ends[0] >= 0) return true;
  if (pipe2(pipe_ends, O_NONBLOCK | O_CLOEXEC) != 0) return false;
  atexit(terminal_guard_disarm);
  terminal_guard_protect_thread();
  take_signals();
  return true;
}

static void keep_error(void) {
  if (real_error >= 0) return;
  kept_error = memfd_create("standard error", MFD_CLOEXEC);
  if (kept_error < 0) return;
  real_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (real_error >= 0) dup2(kept_error, STDERR_FILENO);
}

void terminal_guard_arm(bool alternate) {
  is_alternate = alternate;
  keep_error();
  atomic_store(&holding, OURS);
}

void terminal_guard_disarm(void) {
  sigset_t all, kept;
  sigfillset(&all); /* SIGTTOU too: the terminal's settings may be set from the background */
  for (int i = 0; i < COUNT(crashes); i++) sigdelset(&all, crashes[i]);
  pthread_sigmask(SIG_BLOCK, &all, &kept);
  give_back();
  pthread_sigmask(SIG_SETMASK, &kept, NULL);
}

void terminal_guard_protect_thread(void) {
  if (is_protected) return;
  long page = sysconf(_SC_PAGESIZE);
  char *memory = mmap(
      NULL, SIGNAL_STACK + (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  mprotect(memory, (size_t)page, PROT_NONE);
  stack_t stack = {.ss_sp = memory + page, .ss_size = SIGNAL_STACK};
  is_protected = sigaltstack(&stack, NULL) == 0;
}

int terminal_guard_descriptor(void) { return pipe_ends[0]; }

int terminal_guard_take(void) {
  unsigned char byte;
  ssize_t count;
  do count = read(pipe_ends[0], &byte, 1);
  while (count < 0 && errno == EINTR);
  return count == 1 ? byte : -1;
}

void terminal_guard_wake(void) { send_byte(0); }

void terminal_guard_last_resort(int code, int milliseconds) {
  last_code = code;
  set_timer(milliseconds);
}

void terminal_guard_stop(void) {
  enum { STOPPING_MS = 200 };
  struct sigaction ours, plain = {0};
  plain.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &plain, &ours);
  kill(0, SIGTSTP); /* the whole job, as the terminal would: a shell waits for all of it */
  /* The stop may reach another thread first; after it there is a SIGCONT in the pipe. */
  struct pollfd wish = {pipe_ends[0], POLLIN, 0};
  long end = now_ms() + STOPPING_MS;
  while (poll(&wish, 1, STOPPING_MS) < 0 && errno == EINTR && now_ms() < end) {
  }
  sigaction(SIGTSTP, &ours, NULL);
}

void terminal_guard_lend(bool lends) {
  static bool was_ignored[2];
  const int keys[] = {SIGINT, SIGQUIT};
  for (int i = 0; i < COUNT(keys); i++) {
    if (lends) was_ignored[i] = is_ignored(keys[i]);
    if (!was_ignored[i]) take_signal(keys[i], lends ? SIG_IGN : request);
  }
  take_signal(SIGTSTP, lends ? SIG_DFL : send_byte);
}

bool terminal_guard_write(const char *bytes, size_t count, int milliseconds) {
  return write_within(output, bytes, count, milliseconds);
}

const char *terminal_guard_restore_string(bool alternate) {
  return alternate ? restore_alternate : restore_normal;
}
