// A pool of helper threads that split one piece of work into numbered parts. Parts are handed out by
// an atomic counter, so a late helper never delays the caller by more than the part it holds.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "kernels.h"

typedef struct {
  void (*body)(void *, int);
  void *context;
  int count;
  atomic_int next, open;  // next part to take; helpers still inside
} job_t;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;   // one job at a time
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t posted = PTHREAD_COND_INITIALIZER;
static job_t job;
static atomic_uint epoch;
static int wanted, helpers;

static void work(void) {
  int i;
  while ((i = atomic_fetch_add(&job.next, 1)) < job.count) job.body(job.context, i);
}

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

static void *helper(void *arg) {
  unsigned seen = (unsigned)(size_t)arg;
  for (;;) {
    for (int spin = 0; spin < 20000 && atomic_load(&epoch) == seen; spin++) relax();
    pthread_mutex_lock(&lock);
    while (atomic_load(&epoch) == seen) pthread_cond_wait(&posted, &lock);
    seen = atomic_load(&epoch);
    int mine = wanted > 0;
    if (mine) {
      wanted--;
      atomic_fetch_add(&job.open, 1);
    }
    pthread_mutex_unlock(&lock);
    if (mine) {
      work();
      atomic_fetch_sub(&job.open, 1);
    }
  }
  return NULL;
}

void k_run_lanes(int lanes, int count, void (*body)(void *, int), void *context) {
  if (lanes <= 1 || count <= 1) {
    for (int i = 0; i < count; i++) body(context, i);
    return;
  }
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&lock);
  job.body = body;
  job.context = context;
  job.count = count;
  atomic_store(&job.next, 0);
  wanted = lanes - 1;
  while (helpers < lanes - 1) {
    pthread_t t;
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 16 << 20);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    unsigned now = atomic_load(&epoch);
    if (pthread_create(&t, &a, helper, (void *)(size_t)now)) break;
    helpers++;
  }
  atomic_fetch_add(&epoch, 1);
  pthread_cond_broadcast(&posted);
  pthread_mutex_unlock(&lock);
  work();
  pthread_mutex_lock(&lock);
  wanted = 0;  // a helper that has not woken yet stays out
  pthread_mutex_unlock(&lock);
  while (atomic_load(&job.open) > 0) relax();
  pthread_mutex_unlock(&gate);
}
