/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/window/console-window.h"

G_BEGIN_DECLS

#define ISS_TYPE_APPLICATION (iss_application_get_type ())

/* The desktop console: its options, its window, and what that is opened on. */
G_DECLARE_FINAL_TYPE (IssApplication, iss_application, ISS, APPLICATION, GtkApplication)

IssApplication    *iss_application_new         (const char      *own_path)
                                                G_GNUC_WARN_UNUSED_RESULT;

IssConsoleWindow  *iss_application_get_window  (IssApplication  *self);   /* (nullable) */
int                iss_application_get_status  (IssApplication  *self);

G_END_DECLS
