/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * IssPageWindow:
 *
 * A plain window with one page in it, and the console's actions, of which it
 * remembers the last that was activated.
 */
typedef struct _IssPageWindow IssPageWindow;

void            iss_page_window_init           (void);   /* after gtk_test_init() */

IssPageWindow  *iss_page_window_new            (GtkWidget      *page) G_GNUC_WARN_UNUSED_RESULT;
void            iss_page_window_free           (IssPageWindow  *self);

GtkWidget      *iss_page_window_get_window     (IssPageWindow  *self);
/* (nullable): "server.look 'fe03'" */
const char     *iss_page_window_get_activated  (IssPageWindow  *self);
GtkWidget      *iss_page_window_find_button    (IssPageWindow  *self,
                                                const char     *label);   /* (nullable) */

/* Into the folder ISS_PAGE_SHOTS, if that is set: for people to look at. */
void            iss_page_window_shoot          (IssPageWindow  *self,
                                                const char     *page,
                                                const char     *scene);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPageWindow, iss_page_window_free)

G_END_DECLS
