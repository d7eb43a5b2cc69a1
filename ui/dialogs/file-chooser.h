/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The only door to GTK's file chooser. */

void    iss_file_chooser_choose_async   (GtkWindow            *parent,
                                         const char           *title,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
/* where to write one; the same finish */
void    iss_file_chooser_save_async     (GtkWindow            *parent,
                                         const char           *title,
                                         GFile                *suggested,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
/* (nullable): G_IO_ERROR_CANCELLED when none was chosen */
GFile  *iss_file_chooser_choose_finish  (GAsyncResult         *result,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
