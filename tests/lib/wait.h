/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint    iss_wait_begin    (void);
gboolean iss_wait_is_over  (gint64 deadline);
void     iss_wait_end      (guint  waker);
void     iss_wait_for_idle (void);

/**
 * iss_wait_until:
 * @condition: an expression that an event of the main context makes true
 *
 * Runs the main context until @condition holds; fails the test after 60 seconds.
 */
#define iss_wait_until(condition) \
  G_STMT_START { \
    gint64 deadline_ = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
    guint waker_ = iss_wait_begin (); \
    while (!(condition) && !iss_wait_is_over (deadline_)) \
      g_main_context_iteration (NULL, TRUE); \
    iss_wait_end (waker_); \
    g_assert_true (condition); \
  } G_STMT_END

G_END_DECLS
