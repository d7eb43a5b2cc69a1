/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"
#include "core/store/import.h"

G_BEGIN_DECLS

/**
 * IssAgentImport:
 *
 * One call of Import, on the agent's side. Everything borrowed.
 */
typedef struct
{
  IssRootFolder   *root;
  const char      *who;
  gint64           now;
  IssCertificate  *recipient;
  IssPrivateKey   *key;
  const char      *parser;    /* the program that reads files: ISS_PARSER_CLIENT_OWN */
  GVariant        *sealed;    /* ay */
  GVariant        *options;   /* a{sv} */
} IssAgentImport;

/* Opens and reads the file in a thread, then commits under the lock. */
void       iss_agent_import_run_async  (const IssAgentImport *import,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
/* aa{sv}, not floating */
GVariant  *iss_agent_import_run_finish (GAsyncResult         *result,
                                        GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
