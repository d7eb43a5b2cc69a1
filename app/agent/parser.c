/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/parser.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/agent/agent-wire.h"
#include "core/agent/helper-process.h"
#include "core/agent/parser-confinement.h"
#include "core/agent/parser-wire.h"
#include "core/base/error.h"
#include "core/formats/certificate-file.h"

#define MAX_REQUEST (ISS_CERTIFICATE_FILE_MAX_SIZE + 64 * 1024)

static IssBundle *
read_file (int      fd,
           GError **error)
{
  g_autoptr(IssSecret) request = iss_secret_read_fd (fd, MAX_REQUEST, _("The file"), error);
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(GBytes) file = NULL;

  if (request == NULL || !iss_agent_wire_unpack_import (request, &file, &password, error))
    return NULL;

  return iss_certificate_file_read (file, password, error);
}

static IssSecret *
answer (int fd)
{
  g_autoptr(IssCertificateFileHold) hold = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;

  /* Not a byte of the file is read before the walls are up. */
  hold = iss_certificate_file_hold (&error);
  if (hold != NULL && iss_parser_confinement_enter (&error))
    bundle = read_file (fd, &error);

  return iss_parser_wire_pack (bundle, error);
}

/**
 * agent_parser_run:
 * @fd: a socket: the file comes in, the answer goes out
 *
 * Confines this process, then reads the file, answers, and ends the process.
 */
void
agent_parser_run (int fd)
{
  g_autoptr(IssSecret) text = answer (fd);
  gboolean written = iss_helper_process_reply (fd, text);

  /* What libraries do at the end they could not do any more. */
  _exit (written ? EXIT_SUCCESS : EXIT_FAILURE);
}
