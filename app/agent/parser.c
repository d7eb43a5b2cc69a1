/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/parser.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/agent/agent-wire.h"
#include "core/agent/helper-process.h"
#include "core/agent/parser-confinement.h"
#include "core/agent/parser-wire.h"
#include "core/agent/vetting.h"
#include "core/base/error.h"
#include "core/formats/certificate-file.h"

#define MAX_REQUEST (ISS_CERTIFICATE_FILE_MAX_SIZE + 64 * 1024)
#define MAX_VETTING (ISS_VETTING_MAX_SIZE + 1024 * 1024)

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

static gboolean
vet_message (int      fd,
             GError **error)
{
  g_autoptr(IssSecret) request = iss_secret_read_fd (fd, MAX_VETTING, _("The message"), error);

  return request != NULL && iss_vetting_answer (request, error);
}

static IssSecret *
answer (int      fd,
        gboolean vets)
{
  g_autoptr(IssCertificateFileHold) hold = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;

  /* Not a byte from elsewhere is read before the walls are up. */
  hold = iss_certificate_file_hold (&error);
  if (hold == NULL || !iss_parser_confinement_enter (&error))
    return iss_parser_wire_pack (NULL, error);

  if (vets && vet_message (fd, &error))
    return iss_parser_wire_pack_sound ();
  if (!vets)
    bundle = read_file (fd, &error);

  return iss_parser_wire_pack (bundle, error);
}

/**
 * agent_parser_run:
 * @fd: a socket: what is to be decoded comes in, the answer goes out
 * @vets: whether that is a message that is only looked at, see iss_vetting_ask(); else a file
 *
 * Confines this process, then reads, answers, and ends the process.
 */
void
agent_parser_run (int      fd,
                  gboolean vets)
{
  g_autoptr(IssSecret) text = answer (fd, vets);
  gboolean written = iss_helper_process_reply (fd, text);

  /* What libraries do at the end they could not do any more. */
  _exit (written ? EXIT_SUCCESS : EXIT_FAILURE);
}
