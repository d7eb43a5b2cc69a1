/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/server.h"

G_BEGIN_DECLS

#define ISS_TYPE_PROPERTIES_DIALOG (iss_properties_dialog_get_type ())

/* What is said about one certificate on one server, and who may read its key there. Actions:
 * "properties.ok", "properties.apply", "properties.cancel". */
G_DECLARE_FINAL_TYPE (IssPropertiesDialog, iss_properties_dialog, ISS, PROPERTIES_DIALOG, GtkWindow)

GtkWidget   *iss_properties_dialog_new       (GtkWindow            *parent,
                                              IssServer            *server,
                                              IssStoreName          store,
                                              GBytes               *sha256)
                                              G_GNUC_WARN_UNUSED_RESULT;

gboolean     iss_properties_dialog_is_busy   (IssPropertiesDialog  *self);
const char  *iss_properties_dialog_get_error (IssPropertiesDialog  *self);   /* "" = none */

G_END_DECLS
