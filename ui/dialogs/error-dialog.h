/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_ERROR_DIALOG (iss_error_dialog_get_type ())

/* What happened, why, and what to do next; what support wants to know unfolds and is copied. */
G_DECLARE_FINAL_TYPE (IssErrorDialog, iss_error_dialog, ISS, ERROR_DIALOG, GtkWindow)

GtkWidget   *iss_error_dialog_show       (GtkWidget       *parent,
                                          const char      *what,
                                          const GError    *error,
                                          const char      *next);

const char  *iss_error_dialog_get_what   (IssErrorDialog  *self);
const char  *iss_error_dialog_get_why    (IssErrorDialog  *self);
const char  *iss_error_dialog_get_next   (IssErrorDialog  *self);   /* "" */

/* (nullable): what to do about errors of its kind */
const char  *iss_error_dialog_get_advice (const GError    *error);

G_END_DECLS
