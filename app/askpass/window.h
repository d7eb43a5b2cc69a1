/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/askpass/question.h"

G_BEGIN_DECLS

#define ASKPASS_TYPE_WINDOW (askpass_window_get_type ())

/* Shows one question of ssh's. Signal "answered" (const char *answer): NULL refuses. */
G_DECLARE_FINAL_TYPE (AskpassWindow, askpass_window, ASKPASS, WINDOW, GtkWindow)

GtkWidget *askpass_window_new (AskpassQuestion *question) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
