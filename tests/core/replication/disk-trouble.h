/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whoever includes this has the C library's calls that change the disk replaced by some that can
 * be made to fail, or to end the process in the midst of it. */

/* the nth change from now on ends the process; 0: none does */
void      iss_disk_trouble_kill_at  (int    n);
/* the nth change from now on, and those after it, find the disk full; 0: none does */
void      iss_disk_trouble_full_at  (int    n);
/* how many changes were made since the last call of one of these; a full disk counts none */
int       iss_disk_trouble_count    (void);

/**
 * IssDiskTroubleFunc:
 * @data: what was given
 */
typedef void (* IssDiskTroubleFunc) (gpointer data);

/* whether the process that did it was killed at the nth change */
gboolean  iss_disk_trouble_run_killed (int                 n,
                                       IssDiskTroubleFunc  func,
                                       gpointer            data);

G_END_DECLS
