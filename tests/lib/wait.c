/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/wait.h"

static gboolean
wake_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

/**
 * iss_wait_begin:
 *
 * Makes the main context turn ten times a second, so that a deadline is noticed although
 * nothing else happens.
 *
 * Returns: what to give to iss_wait_end()
 */
guint
iss_wait_begin (void)
{
  return g_timeout_add (100, wake_cb, NULL);
}

/**
 * iss_wait_is_over:
 * @deadline: in the time of g_get_monotonic_time()
 *
 * Returns: whether @deadline has passed
 */
gboolean
iss_wait_is_over (gint64 deadline)
{
  return g_get_monotonic_time () >= deadline;
}

/**
 * iss_wait_end:
 * @waker: what iss_wait_begin() returned
 */
void
iss_wait_end (guint waker)
{
  g_source_remove (waker);
}

/**
 * iss_wait_for_idle:
 *
 * Runs the main context until it has nothing left to do.
 */
void
iss_wait_for_idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}
