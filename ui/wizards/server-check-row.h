/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/server.h"

G_BEGIN_DECLS

/**
 * IssServerCheckState:
 *
 * What a row says of its server. Filled by the page: it knows what is asked.
 */
typedef struct
{
  const char *icon_name;    /* (nullable) */
  const char *css_class;    /* (nullable): "success", "warning", "error", "dim-label" */
  char       *text;         /* owned by the row once it is described */
  char       *tooltip;      /* (nullable), likewise */
  gboolean    busy;         /* a spinner instead of the icon */
  gboolean    can_retry;
} IssServerCheckState;

#define ISS_TYPE_SERVER_CHECK_ROW (iss_server_check_row_get_type ())

/* One server with a tick, its state, and Try again. Properties "ticked"; signal
 * "retry". */
G_DECLARE_FINAL_TYPE (IssServerCheckRow, iss_server_check_row, ISS, SERVER_CHECK_ROW, GtkWidget)

GtkWidget   *iss_server_check_row_new         (IssServer            *server,
                                               GtkSizeGroup         *names)
                                               G_GNUC_WARN_UNUSED_RESULT;

IssServer   *iss_server_check_row_get_server  (IssServerCheckRow    *self);
gboolean     iss_server_check_row_get_ticked  (IssServerCheckRow    *self);
void         iss_server_check_row_set_ticked  (IssServerCheckRow    *self,
                                               gboolean              ticked);
const char  *iss_server_check_row_get_text    (IssServerCheckRow    *self);
/* takes its strings */
void         iss_server_check_row_say         (IssServerCheckRow    *self,
                                               IssServerCheckState  *state);

G_END_DECLS
