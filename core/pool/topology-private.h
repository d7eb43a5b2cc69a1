/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/topology.h"

G_BEGIN_DECLS

#define ISS_TOPOLOGY_MAX_BYTES (1024 * 1024)

/**
 * IssTopology:
 *
 * The topology file as it is edited by the console and by hand alike.
 *
 * It keeps the text it was loaded from, so that saving can tell whether
 * somebody else has changed the file since: then it refuses instead of undoing
 * their work.
 */
struct _IssTopology
{
  GObject    parent_instance;

  GKeyFile  *key_file;
  char      *file_name;     /* for messages */
  char      *loaded_text;   /* (nullable): no file yet */
};

G_END_DECLS
