/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/wizards/import-plan.h"

G_BEGIN_DECLS

#define ISS_TYPE_FILE_DETAILS (iss_file_details_get_type ())

/* A dialog that says of a PFX file how it is protected, who can open it, what is in it, or
 * why it does not open: what issuantctl inspect-pfx says. */
G_DECLARE_FINAL_TYPE (IssFileDetails, iss_file_details, ISS, FILE_DETAILS, GtkWindow)

GtkWidget  *iss_file_details_new       (GtkWindow       *parent,
                                        IssImportPlan   *plan);
gboolean    iss_file_details_is_loaded (IssFileDetails  *self);

G_END_DECLS
