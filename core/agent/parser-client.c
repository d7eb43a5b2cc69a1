/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/parser-client.h"

#include <glib/gi18n-lib.h>

#include "core/agent/parser-wire.h"

#define NAME "issuant-parser"

G_STATIC_ASSERT (ISS_PARSER_WIRE_HEADER_SIZE == ISS_HELPER_PROCESS_HEADER_SIZE);

/**
 * iss_parser_client_read:
 * @program: what reads; %ISS_PARSER_CLIENT_OWN
 * @seconds: how long it may take; %ISS_PARSER_CLIENT_SECONDS
 * @request: the file and its password, from iss_agent_wire_pack_import()
 * @cancellable: (nullable): ends the reader at once
 * @error: return location for an error
 *
 * Has a file read by another process. Blocks: not for the main thread. The reader has ended
 * when this returns.
 *
 * Errors: those of iss_certificate_file_read(); %ISS_ERROR_TOO_COSTLY after @seconds;
 * %ISS_ERROR_FAILED if the reader cannot be started, crashes, or answers nonsense.
 *
 * Returns: (transfer full): what is in the file, or %NULL with @error set
 */
IssBundle *
iss_parser_client_read (const char    *program,
                        guint          seconds,
                        IssSecret     *request,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree char *too_late = NULL;
  g_autoptr(IssSecret) answer = NULL;
  IssHelperProcess reader =
    {
      .name = NAME,
      .option = ISS_PARSER_CLIENT_OPTION,
      .cannot_start = _("The reader of files cannot be started"),
      .failed = iss_parser_wire_get_failed (),
      .read_header = iss_parser_wire_read_header,
    };

  reader.too_late = too_late =
    g_strdup_printf (_("The file was not read within %u seconds; nothing was changed"), seconds);
  answer = iss_helper_process_ask (&reader, program, seconds, request, cancellable, error);

  return answer != NULL ? iss_parser_wire_unpack (answer, error) : NULL;
}
